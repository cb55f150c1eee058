//! A server that takes long to connect to.

use std::time::Duration;

use lodger_backends::redis::RedisStore;
use lodger_core::StoreError;
use lodger_tests::redis::OwnRedis;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, timeout};

use super::deed::{assert_unavailable, key, read};

/// How long a wire takes to be laid.
const LATENCY: Duration = Duration::from_millis(300);

/// A port in front of a server, or of nothing, that answers late.
async fn slow_way_to(port: u16) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            tokio::spawn(async move {
                sleep(LATENCY).await;
                let Ok(mut server) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                let _ = tokio::io::copy_bidirectional(&mut client, &mut server).await;
            });
        }
    });
    own
}

fn store(port: u16) -> RedisStore {
    RedisStore::connect(&format!("redis://127.0.0.1:{port}/")).unwrap()
}

/// As the cached store asks, which goes to the database instead.
async fn ask_impatiently(store: &RedisStore) -> Option<Result<Option<String>, StoreError>> {
    timeout(LATENCY / 2, read(store, &key("a"))).await.ok()
}

#[tokio::test]
async fn a_connection_that_nobody_waited_for_is_used_by_the_next() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = store(slow_way_to(server.port()).await);
    assert!(ask_impatiently(&store).await.is_none(), "it takes longer than that");
    sleep(LATENCY).await;
    assert_eq!(ask_impatiently(&store).await.expect("it is connected").unwrap(), None);
}

#[tokio::test]
async fn a_deadline_shorter_than_connecting_takes_is_none_for_the_connection() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = store(slow_way_to(server.port()).await).with_deadline(LATENCY / 2);
    assert_unavailable(&read(&store, &key("a")).await.unwrap_err(), "cannot be reached in time");
    sleep(LATENCY).await;
    assert_eq!(read(&store, &key("a")).await.unwrap(), None);
}

#[tokio::test]
async fn a_failure_that_nobody_waited_for_is_none_of_the_next_call() {
    let Some(mut server) = OwnRedis::prepare(&[]) else { return };
    let store = store(slow_way_to(server.port()).await);
    assert!(ask_impatiently(&store).await.is_none());
    sleep(LATENCY).await;
    server.restart().await.unwrap();
    assert_eq!(read(&store, &key("a")).await.unwrap(), None);
}
