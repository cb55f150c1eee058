//! Calls that are given up, on a connection that others share.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::SessionStore;
use lodger_tests::redis::OwnRedis;

use super::deed::{key, put, read, swap};

/// Promise 14
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_gives_up_leaves_no_reply_to_others() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    for number in 0..32 {
        put(&store, &key(&format!("n{number}-")), &format!("data of {number}")).await;
    }
    let mut tasks = Vec::new();
    for number in 0..32_u64 {
        let store = store.clone();
        tasks.push(tokio::spawn(async move {
            let (own, expected) = (key(&format!("n{number}-")), format!("data of {number}"));
            for round in 0..200_u64 {
                let patience = Duration::from_micros((round * 37 + number * 91) % 400);
                // Given up at any moment, before and after it was sent.
                if let Ok(found) = tokio::time::timeout(patience, read(&store, &own)).await {
                    assert_eq!(found.unwrap().unwrap(), expected);
                }
                let loaded = store.load(&own, super::deed::now()).await.unwrap();
                let version = loaded.unwrap().version.unwrap();
                let swapped = swap(&store, &own, &version, &expected);
                let _ = tokio::time::timeout(patience, swapped).await;
            }
            assert_eq!(read(&store, &own).await.unwrap().unwrap(), expected);
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    let info = server.run(&["INFO", "clients"]).await;
    assert!(info.contains("connected_clients:2\r"), "one connection and this one: {info}");
}

/// Promise 14
#[tokio::test]
async fn a_store_that_is_dropped_closes_its_connection() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    put(&store, &key("a"), "data").await;
    drop(store);
    for _ in 0..100 {
        if server.run(&["INFO", "clients"]).await.contains("connected_clients:1\r") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the connection is still there");
}
