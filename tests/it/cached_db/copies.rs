//! Copies are used, and kept right.

use std::time::Duration;

use lodger_backends::cached_db::CachedDbStore;
use lodger_core::{
    Cached, Clock, Limits, SessionCache, SessionKey, SessionStore, Settings, Span, StoredKey,
};
use lodger_tests::cache::{Mood, MoodyCache, over_cached_db};
use lodger_tests::site::{SECRET_KEY, Site, codec};

/// A second process over the same database and the same cache.
fn another(store: &CachedDbStore<MoodyCache>) -> CachedDbStore<MoodyCache> {
    let database = lodger_backends::db::DbStore::new(store.database().connection().clone());
    CachedDbStore::new(store.cache().clone(), database, codec(SECRET_KEY, Limits::default()))
}

/// Django: CacheDBSessionTests.test_exists_searches_cache_first
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_read_is_read_without_the_database() {
    over_cached_db(|store| async move {
        let connection = store.database().connection().clone();
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#));
        connection.close().await.unwrap();
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#));
        // What was never read is not there, and that is no "no session".
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        assert!(visit.end().await.is_err());
    })
    .await;
}

/// Anomaly: a read after an acknowledged save that does not see it.
#[tokio::test(flavor = "multi_thread")]
async fn after_a_save_every_process_reads_what_was_saved() {
    over_cached_db(|store| async move {
        let (here, there) = (Site::new(another(&store)), Site::new(store));
        let key = here.stored(r#"{"n":0}"#).await;
        for round in 1..=20 {
            let site = if round % 2 == 0 { &here } else { &there };
            let visit = site.visit(Some(&key)).await;
            assert_eq!(visit.increment("n", 1).unwrap(), round);
            visit.end().await.unwrap();
            for reader in [&here, &there] {
                assert_eq!(reader.field(&key, "n").await, Some(round.to_string()));
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_follows_a_save_and_a_touch() {
    over_cached_db(|store| async move {
        let (cache, connection) = (store.cache().clone(), store.database().connection().clone());
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        site.data(&key).await;
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        visit.end().await.unwrap();
        site.clock.advance(Span::from_secs(1_209_000));
        let visit = site.visit(Some(&key)).await;
        visit.request.commit(true).await.unwrap();
        assert_eq!(cache.calls("invalidate"), 0);
        connection.close().await.unwrap();
        // Past the first end: only the touched copy is still live.
        site.clock.advance(Span::from_secs(1_000_000));
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":2}"#));
    })
    .await;
}

/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn changes_on_copies_that_are_out_of_date_are_merged() {
    over_cached_db(|store| async move {
        let site = Site::new(store);
        let key = site.stored("{\"n\":0}").await;
        site.data(&key).await;
        let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
        for visit in &visits {
            visit.increment("n", 1).unwrap();
        }
        for visit in &visits {
            visit.end().await.unwrap();
        }
        assert_eq!(site.field(&key, "n").await.as_deref(), Some("2"));
    })
    .await;
}

/// Waits until a fill has begun.
async fn fill_has_begun(cache: &MoodyCache) {
    while cache.calls("swap") == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// What happens while a copy is being made.
#[derive(Clone, Copy, Debug)]
enum Meanwhile {
    Revoked,
    Cycled,
    Saved,
}

/// A reader has read the row and is about to make a copy of it, when something happens to the row.
async fn a_late_copy_is_refused(meanwhile: Meanwhile) {
    over_cached_db(move |store| async move {
        let store = store.with_cache_deadline(Duration::from_secs(5));
        let cache = store.cache().clone();
        let reader = another(&store).with_cache_deadline(Duration::from_secs(5));
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        let (stored_key, now) = (StoredKey::from(&key), site.clock.now());
        cache.set(Mood::FillsWait);
        let read = {
            let stored_key = stored_key.clone();
            tokio::spawn(async move { reader.load(&stored_key, now).await })
        };
        fill_has_begun(&cache).await;
        cache.set(Mood::Well);
        let visit = site.visit(Some(&key)).await;
        match meanwhile {
            Meanwhile::Revoked => visit.flush().unwrap(),
            Meanwhile::Cycled => visit.cycle_key().unwrap(),
            Meanwhile::Saved => visit.insert("a", &2).unwrap(),
        }
        visit.end().await.unwrap();
        cache.let_fill();
        assert!(read.await.unwrap().unwrap().is_some());
        let store = site.faults.store();
        let row = store.database().load(&stored_key, now).await.unwrap();
        let found = store.load(&stored_key, now).await.unwrap();
        assert_eq!(found.map(|found| found.record), row.map(|row| row.record), "{meanwhile:?}");
    })
    .await;
}

/// Promises 3 and 6
#[tokio::test(flavor = "multi_thread")]
async fn a_late_copy_neither_brings_back_what_ended_nor_hides_what_was_saved() {
    for meanwhile in [Meanwhile::Revoked, Meanwhile::Cycled, Meanwhile::Saved] {
        a_late_copy_is_refused(meanwhile).await;
    }
}

/// Only one of many readers of a cold key makes the copy.
#[tokio::test(flavor = "multi_thread")]
async fn many_readers_of_a_cold_key_make_one_copy() {
    over_cached_db(|store| async move {
        let cache = store.cache().clone();
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        let reads: Vec<_> = (0..50)
            .map(|_| {
                let (site, key) = (site.clone(), key.clone());
                tokio::spawn(async move { site.data(&key).await })
            })
            .collect();
        for read in reads {
            assert_eq!(read.await.unwrap().as_deref(), Some(r#"{"a":1}"#));
        }
        assert_eq!(cache.calls("swap"), 1);
    })
    .await;
}

/// Promise 11
#[tokio::test(flavor = "multi_thread")]
async fn a_look_for_an_unknown_key_leaves_nothing_in_the_cache() {
    over_cached_db(|store| async move {
        let cache = store.cache().clone();
        let site = Site::new(store);
        for number in 0..100 {
            let key = SessionKey::parse(&format!("unknownkey{number:022}"), 128).unwrap();
            assert_eq!(site.data(&key).await, None);
            let cached = cache.get(&StoredKey::from(&key), site.clock.now()).await.unwrap();
            assert!(matches!(cached, Cached::Absent), "{cached:?}");
        }
    })
    .await;
}

/// Promise 10
#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_in_a_row_is_so_in_its_copy() {
    over_cached_db(|store| async move {
        let mut settings = Settings::default();
        settings.limits.session_data = 20;
        let strict = Site::with_settings(another(&store), settings);
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        for look in ["the row", "its copy"] {
            let visit = strict.visit(Some(&key)).await;
            assert_eq!(visit.get::<u8>("a").unwrap(), None, "{look}");
            assert!(site.field(&key, "a").await.is_some(), "{look}");
        }
    })
    .await;
}
