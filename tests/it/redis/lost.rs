//! A connection that is cut.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::{Created, SessionStore, StoreError, Swapped};
use lodger_tests::proxy::{Cut, Proxy};
use lodger_tests::redis::OwnRedis;

use super::deed::{assert_unavailable, create, cycle, key, put, read, swap, touch};

async fn behind_a_wire() -> Option<(RedisStore, Proxy, OwnRedis)> {
    let server = OwnRedis::start(&[]).await?;
    let proxy = Proxy::before(server.port()).await;
    let store = RedisStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    Some((store.with_deadline(Duration::from_millis(300)), proxy, server))
}

/// Makes a connection if there is none, so that it is not that which is cut.
async fn connected(store: &RedisStore) {
    tokio::time::sleep(Duration::from_millis(60)).await;
    read(store, &key("nothing")).await.unwrap();
}

fn assert_unknown(error: &StoreError) {
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
}

/// Promise 9
#[tokio::test]
async fn a_write_whose_reply_is_lost_is_unknown_and_done_once() {
    let Some((store, proxy, server)) = behind_a_wire().await else { return };
    let mut version = put(&store, &key("a"), "0").await;
    // The script becomes known.
    let Swapped::Swapped(Some(known)) = swap(&store, &key("a"), &version, "1").await.unwrap()
    else {
        panic!()
    };
    version = known;
    server.run(&["CONFIG", "RESETSTAT"]).await;
    for (number, cut) in
        [Cut::Reply, Cut::Silence, Cut::Reply, Cut::Silence].into_iter().enumerate()
    {
        let data = format!("cut {number}");
        connected(&store).await;
        proxy.cut(cut);
        assert_unknown(&swap(&store, &key("a"), &version, &data).await.unwrap_err());
        // It was done, and no more than once: whoever states the old version finds it moved.
        let Swapped::Moved(loaded) = swap(&store, &key("a"), &version, "late").await.unwrap()
        else {
            panic!("the write was not done, or another one was")
        };
        assert_eq!(loaded.record.session_data.as_text(), Some(&*data));
        version = loaded.version.unwrap();
    }
    // Each of the four was sent once, and each of the four that found it moved.
    assert_eq!(server.calls("evalsha").await, 8);
    assert_eq!(server.calls("set").await, 4);
}

/// Promise 9
#[tokio::test]
async fn a_write_that_is_lost_on_its_way_is_unknown_and_not_sent_again() {
    let Some((store, proxy, server)) = behind_a_wire().await else { return };
    let version = put(&store, &key("a"), "data").await;
    server.run(&["CONFIG", "RESETSTAT"]).await;
    connected(&store).await;
    proxy.cut(Cut::Request);
    assert_unknown(&swap(&store, &key("a"), &version, "more").await.unwrap_err());
    connected(&store).await;
    proxy.cut(Cut::Request);
    assert_unknown(&create(&store, &key("b"), "more").await.unwrap_err());
    connected(&store).await;
    proxy.cut(Cut::Request);
    assert_unknown(&touch(&store, &key("a"), &version).await.unwrap_err());
    connected(&store).await;
    proxy.cut(Cut::Request);
    assert_unknown(&cycle(&store, &key("a"), &version, &key("c")).await.unwrap_err());
    connected(&store).await;
    proxy.cut(Cut::Request);
    assert_unknown(&store.delete(&key("a")).await.unwrap_err());
    tokio::time::sleep(Duration::from_millis(200)).await;
    for command in ["evalsha", "eval", "set", "del"] {
        assert_eq!(server.calls(command).await, 0, "{command} was sent again");
    }
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
    assert!(matches!(create(&store, &key("b"), "data").await.unwrap(), Created::Created(_)));
}

/// Promise 9
#[tokio::test]
async fn a_read_whose_reply_is_lost_is_unavailable() {
    let Some((store, proxy, server)) = behind_a_wire().await else { return };
    put(&store, &key("a"), "data").await;
    server.run(&["CONFIG", "RESETSTAT"]).await;
    for cut in [Cut::Request, Cut::Reply, Cut::Silence] {
        connected(&store).await;
        proxy.cut(cut);
        assert_unavailable(&read(&store, &key("a")).await.unwrap_err(), "");
    }
    assert_eq!(server.calls("get").await, 3 + 2, "nothing is sent twice");
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
}

/// Whoever asks may be less patient than the store, as the cached store and the manager are.
#[tokio::test]
async fn a_silent_connection_is_given_up_though_nobody_waits_for_the_deadline() {
    let Some((store, proxy, _server)) = behind_a_wire().await else { return };
    let store = store.with_deadline(Duration::from_secs(10));
    put(&store, &key("a"), "data").await;
    proxy.cut(Cut::Silence);
    let impatient = Duration::from_millis(250);
    assert!(tokio::time::timeout(impatient, read(&store, &key("a"))).await.is_err());
    tokio::time::sleep(Duration::from_secs(1)).await;
    let found = tokio::time::timeout(impatient, read(&store, &key("a"))).await;
    assert_eq!(found.expect("there is another connection").unwrap().unwrap(), "data");
}

/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn increments_over_a_bad_wire_are_done_once_each() {
    let Some((store, proxy, _server)) = behind_a_wire().await else { return };
    let site = lodger_tests::site::Site::new(store);
    let key = site.stored(r#"{"n":0}"#).await;
    let (mut acknowledged, mut unknown) = (0, 0);
    for number in 0..120 {
        let visit = site.visit(Some(&key)).await;
        visit.increment("n", 1).unwrap();
        match number % 6 {
            1 => proxy.cut(Cut::Request),
            3 => proxy.cut(Cut::Reply),
            _ => {}
        }
        match visit.end().await {
            Ok(_) => acknowledged += 1,
            Err(lodger_core::CommitError::Unknown(_)) => unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    let count: u64 = site.field(&key, "n").await.unwrap().parse().unwrap();
    assert_eq!((acknowledged, unknown), (80, 40));
    assert_eq!(count, 80 + 20, "those whose reply was lost were done once, the others not");
}
