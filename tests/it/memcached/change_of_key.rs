//! A change of key in which replies are lost.

use std::time::Duration;

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Cycled, SessionStore, StoreError};
use lodger_tests::memcached::OwnServer;
use lodger_tests::proxy::{Cut, Proxy, Way};

use super::entry::{data, key, now, stored, write};

/// A store behind a proxy, one beside it, and both have a connection already.
async fn pair(server: &OwnServer) -> (Proxy, MemcachedStore, MemcachedStore) {
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    let beside = MemcachedStore::connect(&server.url()).unwrap();
    assert_eq!(data(&store, &key("nobody")).await, None);
    (proxy, store, beside)
}

/// Promise 6
#[tokio::test]
async fn where_the_creation_was_lost_the_old_key_lives_alone() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let (proxy, store, beside) = pair(&server).await;
    let version = stored(&store, &key("old"), "1").await;
    proxy.cut(Cut::Reply);
    let cycled = store.cycle(&key("old"), &version, &key("new"), write("2"), now()).await;
    assert!(matches!(cycled, Err(StoreError::Unknown { .. })), "{cycled:?}");
    // Whoever asks whether the new key lives is told nothing before that is settled.
    assert!(store.load(&key("new"), now()).await.is_err());
    assert_eq!(data(&beside, &key("new")).await, None);
    assert_eq!(data(&beside, &key("old")).await.as_deref(), Some("1"));
    let again = store.cycle(&key("old"), &version, &key("other"), write("2"), now()).await;
    assert!(matches!(again, Ok(Cycled::Cycled(_))), "{again:?}");
}

/// Promise 6
#[tokio::test]
async fn where_the_deletion_was_lost_no_new_key_lives_beside_an_old_one() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let (proxy, store, beside) = pair(&server).await;
    let version = stored(&store, &key("old"), "1").await;
    proxy.cut_at(2, Cut::Reply);
    let cycled = store.cycle(&key("old"), &version, &key("new"), write("2"), now()).await;
    assert!(matches!(cycled, Err(StoreError::Unknown { .. })), "{cycled:?}");
    for (name, store) in [("the same", &store), ("another", &beside)] {
        assert_eq!(data(store, &key("new")).await, None, "{name}");
    }
}

/// Promise 6
#[tokio::test]
async fn a_change_whose_caller_lost_patience_is_settled_before_the_new_key_is_told_of() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let (proxy, store, beside) = pair(&server).await;
    let version = stored(&store, &key("old"), "1").await;
    proxy.hold(Way::Reply, true);
    let (old, new) = (key("old"), key("new"));
    let cycle = store.cycle(&old, &version, &new, write("2"), now());
    assert!(tokio::time::timeout(Duration::from_millis(50), cycle).await.is_err());
    // The new record is on the server, and the old one still is, too.
    assert_eq!(data(&beside, &new).await.as_deref(), Some("2"));
    assert_eq!(data(&beside, &old).await.as_deref(), Some("1"));
    let asked = {
        let (store, new) = (store.clone(), new.clone());
        tokio::spawn(async move { data(&store, &new).await })
    };
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!asked.is_finished(), "it is not settled");
    proxy.hold(Way::Reply, false);
    assert_eq!(asked.await.unwrap().as_deref(), Some("2"));
    assert_eq!(data(&beside, &old).await, None);
}

/// Promise 3
#[tokio::test]
async fn where_the_session_was_ended_meanwhile_the_new_key_is_dead_too() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let (proxy, store, beside) = pair(&server).await;
    let version = stored(&store, &key("old"), "1").await;
    proxy.hold(Way::Reply, true);
    let cycle = {
        let store = store.clone();
        tokio::spawn(async move {
            store.cycle(&key("old"), &version, &key("new"), write("2"), now()).await
        })
    };
    while data(&beside, &key("new")).await.is_none() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert!(beside.delete(&key("old")).await.unwrap());
    proxy.hold(Way::Reply, false);
    assert!(matches!(cycle.await.unwrap(), Ok(Cycled::Gone)));
    assert_eq!(data(&beside, &key("new")).await, None);
}

/// Promise 4
#[tokio::test(flavor = "multi_thread")]
async fn a_move_of_what_has_ended_leaves_nothing() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let connect = || MemcachedStore::connect(&server.url()).unwrap();
    crate::ended_move::leaves_nothing(connect(), connect()).await;
}
