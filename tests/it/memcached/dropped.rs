//! Calls that are given up, and whoever comes after them on the same connections.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use lodger_backends::memcached::MemcachedStore;
use lodger_core::SessionStore;
use lodger_tests::memcached::OwnServer;
use lodger_tests::proxy::{Proxy, Way};
use tokio::task::JoinSet;

use super::entry::{create, data, key, load, now, stored, write};

/// Polls a call so often, and gives it up.
async fn give_up<T>(polls: usize, call: impl Future<Output = T>) {
    let mut call = pin!(call);
    for _ in 0..polls {
        let once = poll_fn(|context| Poll::Ready(call.as_mut().poll(context).is_ready()));
        if once.await {
            return;
        }
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
}

/// Promise 14
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_that_is_dropped_anywhere_leaves_its_reply_to_nobody() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    for connections in [1, 3] {
        let store = MemcachedStore::connect(&proxy.in_place_of(&server.url()))
            .unwrap()
            .with_connections(connections);
        for number in 0..8 {
            let key = key(&format!("{number}of{connections}"));
            create(&store, &key, &number.to_string()).await.unwrap();
        }
        // A reply takes many steps, so that a call can be dropped between any two.
        proxy.dribble(Way::Reply, true);
        for polls in (0..24).chain([60]) {
            let mut visits = JoinSet::new();
            for number in 0..8 {
                let store = store.clone();
                visits.spawn(async move {
                    let key = key(&format!("{number}of{connections}"));
                    match number {
                        0 => give_up(polls, load(&store, &key)).await,
                        1 => give_up(polls, create(&store, &key, "1")).await,
                        2 => {
                            let loaded = load(&store, &key).await.unwrap().unwrap();
                            let version = loaded.version.unwrap();
                            give_up(polls, store.swap(&key, &version, write("2"), now())).await;
                        }
                        _ => {
                            let found = data(&store, &key).await;
                            assert_eq!(found, Some(number.to_string()), "after {polls} polls");
                        }
                    }
                });
            }
            while let Some(visit) = visits.join_next().await {
                visit.unwrap();
            }
        }
        proxy.dribble(Way::Reply, false);
    }
}

/// Promise 14
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_call_that_took_too_long_leaves_its_reply_to_nobody() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url()))
        .unwrap()
        .with_connections(2)
        .with_deadline(Duration::from_millis(20));
    for number in 0..8 {
        stored(&store, &key(&number.to_string()), &number.to_string()).await;
    }
    let mut late = 0;
    for round in 0..40 {
        proxy.hold(Way::Reply, true);
        let held = load(&store, &key(&(round % 8).to_string())).await;
        late += u32::from(held.is_err());
        proxy.hold(Way::Reply, false);
        for number in 0..8 {
            // The machine may be slow, too: an error is none of another's answer.
            if let Ok(loaded) = load(&store, &key(&number.to_string())).await {
                let data = loaded.expect("it is there").record.session_data;
                assert_eq!(data.as_text(), Some(number.to_string().as_str()), "round {round}");
            }
        }
    }
    assert!(late > 0);
}

/// Promise 14
#[tokio::test]
async fn dropped_calls_use_up_no_connections() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap().with_connections(2);
    stored(&store, &key("a"), "data").await;
    for polls in 0..200 {
        give_up(polls % 4, load(&store, &key("a"))).await;
    }
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("data"));
}
