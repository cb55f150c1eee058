//! A server that is not there.

use std::time::{Duration, Instant};

use lodger_backends::redis::RedisStore;
use lodger_core::StoreError;
use lodger_tests::redis::OwnRedis;

use super::deed::{assert_unavailable, create, errors_of_all, key, put, read, swap};

/// Promise 9
#[tokio::test]
async fn a_server_that_is_down_at_the_start_is_there_when_it_comes() {
    let Some(mut server) = OwnRedis::prepare(&[]) else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    for _ in 0..3 {
        let began = Instant::now();
        let error = read(&store, &key("a")).await.unwrap_err();
        assert_unavailable(&error, "cannot be reached: connection refused");
        let error = create(&store, &key("a"), "data").await.unwrap_err();
        assert_unavailable(&error, "cannot be reached: connection refused");
        assert!(began.elapsed() < Duration::from_millis(500), "calls fail at once");
    }
    server.restart().await.unwrap();
    let began = Instant::now();
    while read(&store, &key("a")).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(1), "it is there within a second");
    }
    put(&store, &key("a"), "data").await;
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
}

/// Promise 9
#[tokio::test]
async fn a_server_that_goes_away_is_unavailable_and_not_empty() {
    let Some(mut server) = OwnRedis::start(&["--appendonly", "yes"]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let version = put(&store, &key("a"), "data").await;
    server.kill();
    // What broke while nobody asked is noticed before anything is sent, so nothing is unknown.
    tokio::time::sleep(Duration::from_millis(100)).await;
    for error in errors_of_all(&store, &key("a"), &version).await {
        assert_unavailable(&error, "the Redis server cannot be reached");
    }
    server.restart().await.unwrap();
    tokio::time::sleep(Duration::from_millis(60)).await;
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
    swap(&store, &key("a"), &version, "more").await.unwrap();
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "more");
}

/// Promise 9
#[tokio::test]
async fn a_server_that_does_not_answer_costs_no_more_than_the_deadline() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap();
    let store = store.with_deadline(Duration::from_millis(200));
    let version = put(&store, &key("a"), "data").await;
    server.stop();
    let began = Instant::now();
    let error = read(&store, &key("a")).await.unwrap_err();
    assert_unavailable(&error, "did not answer in time");
    // The kernel accepts the next connection, but nobody is there to greet.
    for error in errors_of_all(&store, &key("a"), &version).await {
        assert_unavailable(&error, "cannot be reached");
    }
    assert!(began.elapsed() < Duration::from_millis(7 * 250), "{:?}", began.elapsed());
    server.go_on();
    tokio::time::sleep(Duration::from_millis(60)).await;
    // Nothing that was given up has been done.
    assert_eq!(read(&store, &key("a")).await.unwrap().unwrap(), "data");
    server.stop();
    let error = swap(&store, &key("a"), &version, "more").await.unwrap_err();
    assert!(matches!(error, StoreError::Unknown { .. }), "it was sent: {error}");
    server.go_on();
    tokio::time::sleep(Duration::from_millis(60)).await;
    let found = read(&store, &key("a")).await.unwrap().unwrap();
    assert!(["data", "more"].contains(&found.as_str()), "{found}");
}

/// A host that swallows what is sent to it.
#[tokio::test]
async fn a_host_that_is_silent_costs_no_more_than_the_deadline() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("redis://{}/", listener.local_addr().unwrap());
    let store = RedisStore::connect(&url).unwrap().with_deadline(Duration::from_millis(100));
    let began = Instant::now();
    let calls = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { read(&store, &key("a")).await })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_unavailable(&call.await.unwrap().unwrap_err(), "in time");
    }
    assert!(began.elapsed() < Duration::from_millis(400), "{:?}", began.elapsed());
}

#[tokio::test]
async fn no_name_of_a_host_is_unavailable() {
    let url = "redis://user:s3cret@no-such-host.invalid:1/";
    let error = read(&RedisStore::connect(url).unwrap(), &key("a")).await.unwrap_err();
    assert_unavailable(&error, "cannot be reached");
    assert!(!error.to_string().contains("s3cret") && !error.to_string().contains("invalid"));
}
