//! A server that forgets.

use lodger_backends::redis::RedisStore;
use lodger_core::{Cycled, SessionStore, Swapped, Touched};
use lodger_tests::redis::OwnRedis;

use super::deed::{create, cycle, key, put, read, swap, touch};

/// Promise 4
#[tokio::test]
async fn what_was_evicted_is_gone_to_a_writer() {
    let arguments = ["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-random"];
    let Some(server) = OwnRedis::start(&arguments).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let data = "x".repeat(10_000);
    let mut versions = Vec::new();
    for number in 0..500 {
        versions.push(put(&store, &key(&format!("n{number}")), &data).await);
    }
    let mut evicted = 0;
    for (number, version) in versions.iter().enumerate() {
        let key = key(&format!("n{number}"));
        if read(&store, &key).await.unwrap().is_none() {
            evicted += 1;
            assert!(matches!(swap(&store, &key, version, "b").await.unwrap(), Swapped::Gone));
            assert!(matches!(touch(&store, &key, version).await.unwrap(), Touched::Gone));
            assert_eq!(read(&store, &key).await.unwrap(), None, "nothing brings it back");
        }
    }
    assert!(evicted > 0);
}

/// Promise 4
#[tokio::test]
async fn after_a_flush_of_the_server_every_session_is_gone() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    server.run(&["FLUSHALL"]).await;
    assert_eq!(read(&store, &key("a")).await.unwrap(), None);
    assert!(matches!(swap(&store, &key("a"), &version, "b").await.unwrap(), Swapped::Gone));
    assert!(matches!(cycle(&store, &key("a"), &version, &key("b")).await.unwrap(), Cycled::Gone));
    assert!(!store.delete(&key("a")).await.unwrap());
    assert_eq!(server.run(&["DBSIZE"]).await, "0");
    create(&store, &key("a"), "new").await.unwrap();
}

/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn scripts_that_the_server_forgets_are_told_again() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let forgetting = tokio::spawn({
        let mut admin = server.admin().await;
        async move {
            for _ in 0..300 {
                redis::cmd("SCRIPT").arg("FLUSH").exec_async(&mut admin).await.unwrap();
            }
        }
    });
    let mut version = put(&store, &key("a"), "0").await;
    let mut written = 0;
    while !forgetting.is_finished() || written < 50 {
        written += 1;
        match swap(&store, &key("a"), &version, &written.to_string()).await.unwrap() {
            Swapped::Swapped(Some(new)) => version = new,
            other => panic!("{other:?}"),
        }
    }
    forgetting.await.unwrap();
    assert!(server.calls("eval").await > 1, "no script was forgotten");
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), written.to_string());
}

/// Nothing is kept for longer than its session.
#[tokio::test]
async fn the_server_ends_what_has_ended() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    let name = format!("lodger:session:{{{:x<32}}}", "a");
    let left = async || -> i64 { server.run(&["PTTL", &name]).await.parse().unwrap() };
    assert!((3_590_000..=3_600_000).contains(&left().await));
    let Touched::Touched(Some(version)) = touch(&store, &key("a"), &version).await.unwrap() else {
        panic!()
    };
    assert!((7_190_000..=7_200_000).contains(&left().await));
    swap(&store, &key("a"), &version, "more").await.unwrap();
    assert!((3_590_000..=3_600_000).contains(&left().await));
    // Clearing is the server's business.
    let swept = store.clear_expired(lodger_core::Timestamp::MAX, 10, None).await.unwrap();
    assert_eq!(swept, lodger_core::Swept { deleted: 0, next: None });
    assert!(read(&store, &key("a")).await.unwrap().is_some());
}
