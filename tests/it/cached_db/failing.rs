//! A cache that fails costs no session.

use std::time::Duration;

use lodger_backends::cached_db::CachedDbStore;
use lodger_core::{SessionData, SessionKey};
use lodger_tests::cache::{Mood, MoodyCache, over_cached_db};
use lodger_tests::site::Site;

/// Every verb of a session, each with the right answer.
async fn everything_works(site: &Site<CachedDbStore<MoodyCache>>) {
    let key = site.stored(r#"{"a":1}"#).await;
    for round in 2..5 {
        assert_eq!(site.field(&key, "a").await, Some((round - 1).to_string()));
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &round).unwrap();
        visit.end().await.unwrap();
    }
    let visit = site.visit(Some(&key)).await;
    visit.cycle_key().unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&key).await, None);
    assert_eq!(site.field(&new, "a").await.as_deref(), Some("4"));
    let visit = site.visit(Some(&new)).await;
    visit.request.commit(true).await.unwrap();
    let visit = site.visit(Some(&new)).await;
    visit.flush().unwrap();
    visit.end().await.unwrap();
    assert_eq!(site.data(&new).await, None);
}

/// Django: CacheDBSessionTests.test_cache_set_failure_non_fatal
/// Django: CacheDBSessionTests.test_cache_async_set_failure_non_fatal
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_in_any_mood_costs_no_session() {
    let garbage = ["", "garbage", "1700000000000000:", r#"{"a":9}"#];
    let poisoned = garbage.map(|text| Mood::Poisoned(SessionData::from_text(text)));
    let pickle = Mood::Poisoned(SessionData::from_bytes(*b"\x80\x02}q\0."));
    let moods = [Mood::Well, Mood::Down, Mood::Hanging, Mood::Full, pickle];
    for mood in moods.into_iter().chain(poisoned) {
        over_cached_db(|store| async move {
            let store = store.with_cache_deadline(Duration::from_millis(5));
            store.cache().set(mood);
            everything_works(&Site::new(store)).await;
        })
        .await;
    }
}

/// What a visitor sees does not depend on when the cache fails.
#[tokio::test(flavor = "multi_thread")]
async fn a_cache_whose_mood_changes_costs_no_session() {
    over_cached_db(|store| async move {
        let store = store.with_cache_deadline(Duration::from_millis(5));
        let cache = store.cache().clone();
        let site = Site::new(store);
        let moods = [Mood::Full, Mood::Well, Mood::Poisoned(SessionData::from_text("x"))];
        for mood in moods.into_iter().cycle().take(12) {
            cache.set(mood);
            everything_works(&site).await;
            cache.flush();
        }
    })
    .await;
}

/// Where the cache kept what it was not told to forget, the copy ends by itself.
///
/// Promise 3
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_could_not_be_taken_away_ends_by_itself() {
    over_cached_db(|store| async move {
        let store = store.with_copies_for(Duration::from_millis(300));
        let cache = store.cache().clone();
        let site = Site::new(store);
        let key = copied(&site).await;
        cache.set(Mood::Down);
        assert!(site.manager.revoke(&key).await.unwrap());
        cache.set(Mood::Well);
        tokio::time::sleep(Duration::from_millis(1_100)).await;
        assert_eq!(site.data(&key).await, None);
    })
    .await;
}

/// A cache that takes nothing in, no tombstone either, lets go of the copy.
///
/// Promise 3
#[tokio::test(flavor = "multi_thread")]
async fn a_full_cache_keeps_no_copy_of_what_was_deleted() {
    for cycles in [false, true] {
        over_cached_db(move |store| async move {
            let cache = store.cache().clone();
            let site = Site::new(store);
            let key = copied(&site).await;
            cache.set(Mood::Full);
            let visit = site.visit(Some(&key)).await;
            if cycles {
                visit.cycle_key().unwrap()
            } else {
                visit.flush().unwrap()
            }
            visit.end().await.unwrap();
            // Until then nobody looks into the cache.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            assert_eq!(site.data(&key).await, None);
        })
        .await;
    }
}

/// Promise 3
/// And where reads are verified, it is not even read.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_a_deleted_row_is_not_served_where_reads_are_verified() {
    for verifies in [true, false] {
        over_cached_db(move |store| async move {
            let store = if verifies { store.verifying_revocation() } else { store };
            let cache = store.cache().clone();
            let site = Site::new(store);
            let key = copied(&site).await;
            cache.set(Mood::Down);
            assert!(site.manager.revoke(&key).await.unwrap());
            cache.set(Mood::Well);
            // Until then nobody looks into the cache.
            tokio::time::sleep(Duration::from_millis(1_100)).await;
            assert_eq!(site.data(&key).await.is_none(), verifies);
        })
        .await;
    }
}

/// A session of which there is a copy.
async fn copied(site: &Site<CachedDbStore<MoodyCache>>) -> SessionKey {
    let key = site.stored(r#"{"a":1}"#).await;
    assert!(site.data(&key).await.is_some());
    key
}

/// A cache that does not answer is not asked again at once.
#[tokio::test(flavor = "multi_thread")]
async fn reads_do_not_wait_for_a_cache_that_has_just_failed() {
    over_cached_db(|store| async move {
        let cache = store.cache().clone();
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        cache.set(Mood::Hanging);
        for _ in 0..50 {
            assert!(site.data(&key).await.is_some());
        }
        assert_eq!(cache.calls("get"), 1);
    })
    .await;
}
