//! Slots that move from one server to another.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::{Created, SessionStore, Swapped};
use lodger_tests::redis::{OwnCluster, OwnRedis};

use crate::redis::deed::{assert_unavailable, create, key, put, read, swap};

/// The name of a session, and its slot.
async fn slot(node: &OwnRedis, start: &str) -> (String, String) {
    let name = format!("lodger:session:{{{start:x<32}}}");
    let slot = node.run(&["CLUSTER", "KEYSLOT", &name]).await;
    (name, slot)
}

/// Promise 9
#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_moves_is_followed() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    // By one server alone, which need not be the right one.
    let url = format!("redis+cluster://127.0.0.1:{}/", cluster.nodes()[0].port());
    let store = RedisStore::connect(&url).unwrap();
    for number in 0..100 {
        put(&store, &key(&format!("n{number}")), "data").await;
    }
    let mut version = put(&store, &key("a"), "0").await;
    let (name, slot) = slot(&cluster.nodes()[0], "a").await;
    let from = cluster.leader(&name).await;
    let to = cluster.leaders().await.into_iter().find(|other| *other != from).unwrap();
    let (from, to) = (&cluster.nodes()[from], &cluster.nodes()[to]);
    let (from_id, to_id) = (id(from).await, id(to).await);
    // On its way: what is there is served by the one, what is not by the other, which must be told
    // that it was recommended.
    to.run(&["CLUSTER", "SETSLOT", &slot, "IMPORTING", &from_id]).await;
    from.run(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &to_id]).await;
    version = swapped(swap(&store, &key("a"), &version, "1").await.unwrap());
    let port = to.port().to_string();
    from.run(&["MIGRATE", "127.0.0.1", &port, &name, "0", "1000"]).await;
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "1", "asked where it is now");
    version = swapped(swap(&store, &key("a"), &version, "2").await.unwrap());
    assert_eq!(create(&store, &key("a"), "again").await.unwrap(), Created::Taken);
    assert!(to.calls("asking").await >= 3);
    // It has arrived.
    for node in [to, from] {
        node.run(&["CLUSTER", "SETSLOT", &slot, "NODE", &to_id]).await;
    }
    version = swapped(swap(&store, &key("a"), &version, "3").await.unwrap());
    let asked = from.calls("evalsha").await;
    swapped(swap(&store, &key("a"), &version, "4").await.unwrap());
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "4");
    assert_eq!(from.calls("evalsha").await, asked, "the old server is asked no more");
    assert!(store.delete(&key("a")).await.unwrap());
}

/// Promise 9
#[tokio::test]
async fn servers_that_send_to_and_fro_are_unavailable() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let store = RedisStore::connect(&cluster.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    let (name, slot) = slot(&cluster.nodes()[0], "a").await;
    let from = cluster.leader(&name).await;
    // A server that believes another one to have the slot, which does not.
    let other = cluster.leaders().await.into_iter().find(|other| *other != from).unwrap();
    let id = id(&cluster.nodes()[other]).await;
    let node = &cluster.nodes()[from];
    node.run(&["CLUSTER", "SETSLOT", &slot, "MIGRATING", &id]).await;
    node.run(&["DEL", &name]).await;
    let began = std::time::Instant::now();
    let error = swap(&store, &key("a"), &version, "more").await;
    // The other one sends back whoever asks for what it does not import.
    let error = error.unwrap_err();
    assert_unavailable(&error, "");
    assert!(began.elapsed() < Duration::from_millis(2500), "{:?}", began.elapsed());
    node.run(&["CLUSTER", "SETSLOT", &slot, "STABLE"]).await;
    assert!(matches!(swap(&store, &key("a"), &version, "b").await.unwrap(), Swapped::Gone));
}

fn swapped(swapped: Swapped) -> lodger_core::Version {
    match swapped {
        Swapped::Swapped(Some(version)) => version,
        other => panic!("{other:?}"),
    }
}

async fn id(node: &OwnRedis) -> String {
    node.run(&["CLUSTER", "MYID"]).await
}
