//! Changing a key whose old and new name lie on different servers.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::{Cycled, SessionStore, StoreError};
use lodger_tests::redis::OwnCluster;

use crate::redis::deed::{cycle, key, put, read, swap};

fn name(start: &str) -> String {
    format!("lodger:session:{{{start:x<32}}}")
}

/// A new key that lies on another server than an old one, and both servers.
async fn apart(cluster: &OwnCluster, old: &str) -> (String, usize, usize) {
    let from = cluster.leader(&name(old)).await;
    for number in 0.. {
        let new = format!("new{number}");
        let to = cluster.leader(&name(&new)).await;
        if to != from {
            return (new, from, to);
        }
    }
    unreachable!("there are several leaders")
}

/// Promises 6 and 9
#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_not_found_before_the_old_one_is_dead() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let store = RedisStore::connect(&cluster.url()).unwrap();
    let store = store.with_deadline(Duration::from_millis(400));
    let (new, from, to) = apart(&cluster, "old").await;
    let version = put(&store, &key("old"), "data").await;
    read(&store, &key(&new)).await.unwrap();
    // The server with the old key stands still in the middle of the change.
    cluster.nodes()[from].stop();
    let changing = tokio::spawn({
        let (store, version, new) = (store.clone(), version.clone(), key(&new));
        async move { cycle(&store, &key("old"), &version, &new).await }
    });
    let to = &cluster.nodes()[to];
    while to.run(&["EXISTS", &name(&new)]).await == "0" {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // The new record is there by now; whoever asks for it, having given up waiting for the change,
    // waits until it is settled.
    let asking = tokio::spawn({
        let (store, new) = (store.clone(), key(&new));
        async move { read(&store, &new).await }
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!asking.is_finished(), "a key that is not settled was loaded");
    let error = changing.await.unwrap().unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "{error}");
    assert_eq!(to.run(&["EXISTS", &name(&new)]).await, "0", "it was taken back");
    if let Ok(found) = asking.await.unwrap() {
        assert_eq!(found, None);
    }
    cluster.nodes()[from].go_on();
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Dead or alive, the old key is the only one.
    assert_eq!(read(&store, &key(&new)).await.unwrap(), None);
}

/// Promise 6
#[tokio::test(flavor = "multi_thread")]
async fn a_change_of_a_key_that_has_moved_or_gone_leaves_nothing() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let store = RedisStore::connect(&cluster.url()).unwrap();
    let (new, _, to) = apart(&cluster, "old").await;
    let version = put(&store, &key("old"), "data").await;
    swap(&store, &key("old"), &version, "moved").await.unwrap();
    let Cycled::Moved(loaded) = cycle(&store, &key("old"), &version, &key(&new)).await.unwrap()
    else {
        panic!("a stale change of key was not told")
    };
    assert_eq!(loaded.record.session_data.as_text(), Some("moved"));
    assert_eq!(cluster.nodes()[to].run(&["EXISTS", &name(&new)]).await, "0");
    store.delete(&key("old")).await.unwrap();
    let gone = cycle(&store, &key("old"), &version, &key(&new)).await.unwrap();
    assert!(matches!(gone, Cycled::Gone));
    assert_eq!(cluster.nodes()[to].run(&["EXISTS", &name(&new)]).await, "0");
}

/// Promise 4
#[tokio::test(flavor = "multi_thread")]
async fn a_move_of_what_has_ended_leaves_nothing() {
    let Some(cluster) = OwnCluster::start(&[]).await else { return };
    let connect = || RedisStore::connect(&cluster.url()).unwrap();
    crate::ended_move::leaves_nothing(connect(), connect()).await;
}
