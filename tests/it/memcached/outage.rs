//! Servers that are down, end and come back.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Created, SessionStore, StoreError, Swapped};
use lodger_tests::memcached::OwnServer;
use lodger_tests::proxy::{Cut, Proxy, Way};
use lodger_tests::report;
use tokio::task::JoinSet;

use super::entry::{create, data, is_unavailable, key, load, now, stored, write};

/// Promise 9
#[tokio::test]
async fn a_server_that_is_down_at_the_start_is_used_as_soon_as_it_is_there() {
    if OwnServer::start(&[]).is_none() {
        return;
    }
    let mut server = OwnServer::not_started(&[]);
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let version = {
        let other = OwnServer::start(&[]).unwrap();
        stored(&MemcachedStore::connect(&other.url()).unwrap(), &key("a"), "data").await
    };
    assert!(is_unavailable(&load(&store, &key("a")).await));
    assert!(is_unavailable(&create(&store, &key("a"), "data").await));
    assert!(is_unavailable(&store.swap(&key("a"), &version, write("b"), now()).await));
    let cycled = store.cycle(&key("a"), &version, &key("b"), write("b"), now()).await;
    assert!(is_unavailable(&cycled));
    assert!(is_unavailable(&store.delete(&key("a")).await));
    server.restart();
    assert!(matches!(create(&store, &key("a"), "data").await, Ok(Created::Created(Some(_)))));
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("data"));
}

/// Promise 9
#[tokio::test]
async fn a_server_that_ends_and_comes_back_has_forgotten_and_is_used_again() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let version = stored(&store, &key("a"), "data").await;
    server.kill();
    for _ in 0..3 {
        assert!(is_unavailable(&load(&store, &key("a")).await), "it is no empty session");
        assert!(store.swap(&key("a"), &version, write("b"), now()).await.is_err());
    }
    server.restart();
    assert_eq!(data(&store, &key("a")).await, None);
    // A record of the next life that has the number of the old one is another record.
    let next = stored(&store, &key("a"), "next").await;
    assert_ne!(next, version);
    let swapped = store.swap(&key("a"), &version, write("b"), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Moved(_)), "{swapped:?}");
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("next"));
    assert!(store.delete(&key("a")).await.unwrap());
    let swapped = store.swap(&key("a"), &version, write("b"), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Gone), "{swapped:?}");
}

/// Promise 9
#[tokio::test]
async fn a_connection_that_the_server_closed_meanwhile_costs_nobody_an_error() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let mut visits = JoinSet::new();
    for number in 0..8 {
        let store = store.clone();
        visits.spawn(async move { load(&store, &key(&number.to_string())).await.map(|_| ()) });
    }
    while let Some(visit) = visits.join_next().await {
        visit.unwrap().unwrap();
    }
    server.kill();
    server.restart();
    tokio::time::sleep(Duration::from_millis(50)).await;
    for number in 0..16 {
        let created = create(&store, &key(&number.to_string()), "data").await;
        assert!(matches!(created, Ok(Created::Created(_))), "{created:?}");
    }
}

/// Promise 9
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_restart_under_load_gives_no_wrong_answer() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap().with_connections(4);
    let (ends, restarted) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicBool::new(false)));
    let answers = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for task in 0..8 {
        let (store, ends) = (store.clone(), Arc::clone(&ends));
        let (restarted, answers) = (Arc::clone(&restarted), Arc::clone(&answers));
        tasks.spawn(async move {
            let mut errors = 0;
            for round in 0.. {
                if ends.load(Ordering::SeqCst) {
                    break;
                }
                let key = key(&format!("{task}at{round}of"));
                let text = format!("{task} {round}");
                let before = restarted.load(Ordering::SeqCst);
                let created = create(&store, &key, &text).await;
                let Ok(created) = created else {
                    errors += 1;
                    continue;
                };
                assert!(matches!(created, Created::Created(_)));
                match load(&store, &key).await {
                    Ok(Some(loaded)) => {
                        assert_eq!(loaded.record.session_data.as_text(), Some(text.as_str()));
                    }
                    // Only what was stored before the end can be gone.
                    Ok(None) => assert!(!before, "an acknowledged session is gone"),
                    Err(StoreError::Unavailable { .. }) => errors += 1,
                    Err(error) => panic!("a read of unknown outcome: {error}"),
                }
                answers.fetch_add(1, Ordering::SeqCst);
            }
            errors
        });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.kill();
    tokio::time::sleep(Duration::from_millis(100)).await;
    server.restart();
    let begun = Instant::now();
    while create(&store, &key(&format!("{}", begun.elapsed().as_nanos())), "x").await.is_err() {
        assert!(begun.elapsed() < Duration::from_secs(1), "it does not recover within a second");
    }
    let recovered = begun.elapsed();
    restarted.store(true, Ordering::SeqCst);
    tokio::time::sleep(Duration::from_millis(200)).await;
    ends.store(true, Ordering::SeqCst);
    let mut errors = 0;
    while let Some(task) = tasks.join_next().await {
        errors += task.unwrap();
    }
    assert!(errors > 0, "nobody noticed");
    let answers = answers.load(Ordering::SeqCst);
    report::count("memcached: answers around a restart, none wrong", answers);
    report::count("memcached: typed errors around a restart", errors);
    let millis = usize::try_from(recovered.as_millis()).unwrap();
    report::count("memcached: milliseconds until it was used again", millis);
}

/// Promise 9
#[tokio::test]
async fn a_server_that_does_not_answer_is_waited_for_so_long_and_no_longer() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let deadline = Duration::from_millis(200);
    let store =
        MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap().with_deadline(deadline);
    let version = stored(&store, &key("a"), "data").await;
    proxy.hold(Way::Reply, true);
    let begun = Instant::now();
    assert!(is_unavailable(&load(&store, &key("a")).await));
    let swapped = store.swap(&key("a"), &version, write("new"), now()).await;
    assert!(is_unavailable(&swapped), "no connection was made, so nothing was sent: {swapped:?}");
    assert!(begun.elapsed() < 3 * deadline);
    proxy.hold(Way::Reply, false);
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("data"));
    // On a connection that stands it was sent.
    proxy.hold(Way::Reply, true);
    let swapped = store.swap(&key("a"), &version, write("new"), now()).await;
    assert!(matches!(swapped, Err(StoreError::Unknown { .. })), "{swapped:?}");
    proxy.hold(Way::Reply, false);
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("new"));
}

/// Promise 9
#[tokio::test]
async fn a_lost_reply_to_a_write_is_unknown_and_to_a_read_is_asked_for_again() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let store = MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    let version = stored(&store, &key("a"), "data").await;
    proxy.cut(Cut::Reply);
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("data"));
    for call in 0..3 {
        proxy.cut(Cut::Reply);
        let lost = match call {
            0 => create(&store, &key("b"), "data").await.map(|_| ()),
            1 => store.swap(&key("a"), &version, write("b"), now()).await.map(|_| ()),
            _ => store.delete(&key("a")).await.map(|_| ()),
        };
        assert!(matches!(lost, Err(StoreError::Unknown { .. })), "{call}: {lost:?}");
        // The next call has a connection of its own.
        assert_eq!(data(&store, &key("nobody")).await, None);
    }
    assert_eq!(data(&store, &key("a")).await, None, "all were done");
    assert_eq!(data(&store, &key("b")).await.as_deref(), Some("data"));
}
