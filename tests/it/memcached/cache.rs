//! The contract of a cache, rule by rule, in both layouts.

use std::time::Duration;

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::memcached::MemcachedStore;
use lodger_core::{Cached, SessionCache, SessionRecord, StoredKey, Version};
use lodger_tests::memcached::{MemcachedFixture, OwnServer, Raw};
use lodger_tests::proxy::{Proxy, Way};

use super::entry::{key, now, record};

const LONG: Duration = Duration::from_secs(60);

/// A cache in each layout.
fn caches() -> Vec<MemcachedStore> {
    [CacheLayout::lodger_cached_db(), CacheLayout::django_cached_db()]
        .into_iter()
        .filter_map(MemcachedFixture::store)
        .collect()
}

/// What is kept: a record's data, or a word for anything else.
async fn kept(cache: &MemcachedStore, key: &StoredKey) -> String {
    match cache.get(key, now()).await.unwrap() {
        Cached::Absent => "absent".to_owned(),
        Cached::Lease => "lease".to_owned(),
        Cached::Tombstone => "tombstone".to_owned(),
        Cached::Record(record, _) => record.session_data.as_text().unwrap().to_owned(),
    }
}

async fn version(cache: &MemcachedStore, key: &StoredKey) -> Version {
    match cache.get(key, now()).await.unwrap() {
        Cached::Record(_, version) => version,
        other => panic!("{other:?}"),
    }
}

async fn swap(cache: &MemcachedStore, version: &Version, record: SessionRecord) -> bool {
    SessionCache::swap(cache, version, record, LONG).await.unwrap()
}

/// A key with a record.
async fn filled(cache: &MemcachedStore, key: &StoredKey, data: &str) {
    let lease = cache.add_lease(key, LONG).await.unwrap().unwrap();
    assert!(swap(cache, &lease, record(key, data)).await);
}

/// Promise 3
#[tokio::test]
async fn a_lease_is_taken_once_and_filled_once() {
    for cache in caches() {
        let (key, other) = (key("a"), key("b"));
        assert_eq!(kept(&cache, &key).await, "absent");
        let lease = cache.add_lease(&key, LONG).await.unwrap().unwrap();
        assert_eq!(kept(&cache, &key).await, "lease");
        assert_eq!(cache.add_lease(&key, LONG).await.unwrap(), None);
        let others = cache.add_lease(&other, LONG).await.unwrap().unwrap();
        assert_ne!(lease, others);
        assert!(!swap(&cache, &others, record(&key, "others")).await);
        assert!(swap(&cache, &lease, record(&key, "first")).await);
        assert!(!swap(&cache, &lease, record(&key, "again")).await);
        assert_eq!(kept(&cache, &key).await, "first");
        assert_eq!(cache.add_lease(&key, LONG).await.unwrap(), None);

        let first = version(&cache, &key).await;
        assert!(swap(&cache, &first, record(&key, "second")).await);
        assert!(!swap(&cache, &first, record(&key, "third")).await);
        assert_eq!(kept(&cache, &key).await, "second");
    }
}

/// Promise 3
#[tokio::test]
async fn nothing_takes_a_tombstone_away() {
    for cache in caches() {
        let (absent, leased, held) = (key("absent"), key("leased"), key("held"));
        let lease = cache.add_lease(&leased, LONG).await.unwrap().unwrap();
        filled(&cache, &held, "data").await;
        let first = version(&cache, &held).await;
        for key in [&absent, &leased, &held] {
            cache.put_tombstone(key, LONG).await.unwrap();
            assert_eq!(kept(&cache, key).await, "tombstone");
            assert_eq!(cache.add_lease(key, LONG).await.unwrap(), None);
            cache.invalidate(key).await.unwrap();
            assert!(!swap(&cache, &lease, record(key, "late")).await);
            assert!(!swap(&cache, &first, record(key, "late")).await);
            assert_eq!(kept(&cache, key).await, "tombstone");
        }
    }
}

/// Promise 10
#[tokio::test]
async fn a_key_that_has_no_name_has_no_entry_and_no_error() {
    for cache in caches() {
        for text in ["with blank", "line\r\nflush_all", "", &"k".repeat(250)] {
            let key = StoredKey::from(text.to_owned());
            cache.put_tombstone(&key, LONG).await.unwrap();
            cache.invalidate(&key).await.unwrap();
            if !text.is_empty() {
                assert_eq!(cache.add_lease(&key, LONG).await.unwrap(), None);
                assert_eq!(kept(&cache, &key).await, "absent");
            }
        }
    }
}

/// Promise 3
#[tokio::test]
async fn what_is_invalidated_cannot_be_replaced() {
    for cache in caches() {
        let (leased, held) = (key("leased"), key("held"));
        let lease = cache.add_lease(&leased, LONG).await.unwrap().unwrap();
        filled(&cache, &held, "data").await;
        let first = version(&cache, &held).await;
        for key in [&leased, &held, &key("absent")] {
            cache.invalidate(key).await.unwrap();
            assert_eq!(kept(&cache, key).await, "absent");
        }
        assert!(!swap(&cache, &lease, record(&leased, "late")).await);
        assert!(!swap(&cache, &first, record(&held, "late")).await);
        // Nor when somebody else has taken a lease since.
        assert!(cache.add_lease(&leased, LONG).await.unwrap().is_some());
        assert!(!swap(&cache, &lease, record(&leased, "late")).await);
        assert_eq!(kept(&cache, &leased).await, "lease");
    }
}

/// Promise 3
#[tokio::test]
async fn an_invalidation_spares_a_tombstone_that_comes_between_its_steps() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let proxy = Proxy::before(server.port()).await;
    let cache = MemcachedStore::connect(&proxy.in_place_of(&server.url())).unwrap();
    let beside = MemcachedStore::connect(&server.url()).unwrap();
    let held = key("held");
    filled(&cache, &held, "data").await;
    let _ = proxy.round_trips();
    proxy.hold(Way::Reply, true);
    let invalidation = {
        let (cache, held) = (cache.clone(), held.clone());
        tokio::spawn(async move { cache.invalidate(&held).await })
    };
    while proxy.round_trips() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // The record has been read, and is about to be deleted.
    tokio::time::sleep(Duration::from_millis(50)).await;
    beside.put_tombstone(&held, LONG).await.unwrap();
    proxy.hold(Way::Reply, false);
    invalidation.await.unwrap().unwrap();
    assert_eq!(kept(&cache, &held).await, "tombstone");
}

/// Promise 3
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_invalidation_among_fills_spares_no_older_lease() {
    for cache in caches() {
        for round in 0..50 {
            let key = key(&format!("round{round}"));
            let lease = cache.add_lease(&key, LONG).await.unwrap().unwrap();
            let fill = {
                let (cache, key) = (cache.clone(), key.clone());
                tokio::spawn(async move { swap(&cache, &lease, record(&key, "stale")).await })
            };
            cache.invalidate(&key).await.unwrap();
            fill.await.unwrap();
            assert_eq!(kept(&cache, &key).await, "absent");
        }
    }
}

#[tokio::test]
async fn entries_end_by_themselves() {
    for cache in caches() {
        let (leased, held, dead) = (key("leased"), key("held"), key("dead"));
        let second = Duration::from_secs(1);
        cache.add_lease(&leased, second).await.unwrap().unwrap();
        let lease = cache.add_lease(&held, LONG).await.unwrap().unwrap();
        let put = record(&held, "data");
        assert!(SessionCache::swap(&cache, &lease, put, second).await.unwrap());
        cache.put_tombstone(&dead, second).await.unwrap();
        tokio::time::sleep(Duration::from_millis(900)).await;
        assert_eq!(kept(&cache, &dead).await, "tombstone", "it must not end early");
        tokio::time::sleep(Duration::from_millis(2200)).await;
        for key in [&leased, &held, &dead] {
            assert_eq!(kept(&cache, key).await, "absent");
        }
    }
}

/// Promise 12
#[tokio::test]
async fn a_value_of_somebody_elses_is_no_record() {
    for cache in caches() {
        let key = key("foreign");
        filled(&cache, &key, "data").await;
        let mut server = Raw::connect(&MemcachedFixture::url().unwrap());
        let names = server.names(cache.layout().prefix());
        for flags in [2, 4, 8, 16, u32::MAX] {
            server.set(&names[0], flags, b"17");
            assert_eq!(kept(&cache, &key).await, "lease", "{flags}");
        }
        cache.invalidate(&key).await.unwrap();
        assert_eq!(kept(&cache, &key).await, "absent");
    }
}

/// The numbers of a server begin again with it, so that an entry of its next life may have the one that
/// an entry of its last life had.
///
/// Promise 3
#[tokio::test]
async fn a_lease_of_the_servers_last_life_fills_nothing_in_the_next() {
    let Some(mut server) = OwnServer::start(&[]) else { return };
    let cache = MemcachedStore::connect(&server.url()).unwrap();
    let key = key("a");
    let last = cache.add_lease(&key, LONG).await.unwrap().unwrap();
    server.kill();
    server.restart();
    // The runtime is given the time to see that the connection was closed.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(cache.add_lease(&key, LONG).await.unwrap().is_some());
    let mut raw = Raw::connect(&server.url());
    let number = raw.ask(&format!("mg lodger:session:{{{}}} c", key.expose()));
    assert_eq!(number, "HD c1", "the number is that of the old lease");
    assert!(!swap(&cache, &last, record(&key, "stale")).await);
    assert_eq!(kept(&cache, &key).await, "lease");
}
