//! `cache.json` apart from any one server: how long sessions live, what a save after an end comes to, and
//! which caches are not needed here.

use std::collections::BTreeMap;

use lodger_backends::memory::MemoryStore;
use lodger_core::{Clock, CommitError, SessionStore, Settings, Span, StoredKey};
use lodger_testing::SequenceRng;
use lodger_tests::any_site::AnySite;
use lodger_tests::report::count;
use lodger_tests::site::Site;
use lodger_tests::vectors::Vectors;

use super::engine::{RecordedEngine, Stored};
use super::operation::made;

/// The caches whose values and lifetimes are compared on their servers, by the tests of these.
const COMPARED: [&str; 3] = ["mc", "prefixed", "redis"];

/// The caches of Django's that have no counterpart, and why none is needed. The pickles in them are
/// read like all others, by the tests of the codec.
const NOT_NEEDED: [(&str, &str); 3] = [
    ("default", "memory of one process is shared with nobody; `MemoryStore` stands in its place"),
    ("fileb", "a site that keeps sessions in a file cache sets the engine `file`"),
    ("dbc", "a site that keeps sessions in a database cache sets the engine `db`"),
];

/// What was recorded of failures that cannot happen here, and why.
const NO_FAILURE: [(&str, &str); 1] =
    [("cache engine on DummyCache", "there is no store that takes sessions and keeps none")];

on_database!(sqlite, Sqlite, std::convert::identity, a_save_after_the_end_is_told_in_the_table);

on_engine!(cache_in_redis, lodger_tests::redis::on_single_as_djangos, cache, a_save_after_the_end);

on_engine!(cache_in_memcached, lodger_tests::memcached::on_as_djangos, cache, a_save_after_the_end);

#[test]
fn every_cache_is_compared_or_not_needed() {
    let vectors = Vectors::read("cache");
    let mut recorded: BTreeMap<&str, usize> = BTreeMap::new();
    for record in vectors.section("entries").iter().chain(vectors.section("ages")) {
        *recorded.entry(record["alias"].as_str().unwrap()).or_default() += 1;
    }
    let mut classified: Vec<&str> = NOT_NEEDED.iter().map(|(alias, _)| *alias).collect();
    classified.extend(COMPARED);
    classified.sort_unstable();
    assert_eq!(classified, recorded.keys().copied().collect::<Vec<_>>());
    for (alias, why) in NOT_NEEDED {
        count(&format!("vectors cache.json, {alias}: not needed, {why}"), recorded[alias]);
    }
}

/// What every cache was told of an age, the store is told.
#[tokio::test]
async fn sessions_live_as_long_as_any_cache_was_told() {
    let vectors = Vectors::read("cache");
    let mut compared = 0;
    for record in vectors.section("ages") {
        let mut settings = Settings::django();
        settings.cookie_age = Span::from_secs(record["SESSION_COOKIE_AGE"].as_i64().unwrap());
        let site = Site::with_settings(MemoryStore::default(), settings);
        let visit = site.visit(None).await;
        visit.insert("a", &1).unwrap();
        visit.save().await.unwrap();
        let key = StoredKey::from(&visit.session_key().unwrap());
        let now = site.clock.now();
        let loaded = site.faults.load(&key, now).await.unwrap();
        let left = loaded.map(|loaded| (loaded.record.expire_date - now).as_micros());
        let told = record["entries"].as_array().unwrap().first();
        let told =
            told.map(|entry| entry["ttl"].as_f64().unwrap()).filter(|seconds| *seconds > 0.0);
        match (left, told) {
            (None, None) => {}
            // Asked of a server, it may be a second more: both clocks tick in whole ones.
            (Some(left), Some(told)) => {
                let off = told - left as f64 / 1e6;
                assert!(off == 0.0 || record["alias"] == "mc" && off == 1.0, "{record}: {left}");
            }
            differs => panic!("{record}: {differs:?}"),
        }
        compared += 1;
    }
    assert!(compared >= 7, "{compared}");
    count("vectors cache.json ages, whatever the cache", compared);
}

async fn a_save_after_the_end_is_told_in_the_table<S: SessionStore>(store: S) {
    a_save_after_the_end(&Stored::new("db", store)).await;
}

/// Promise 3
async fn a_save_after_the_end<E: RecordedEngine>(engine: &E) {
    let vectors = Vectors::read("cache");
    let name = engine.name();
    let what = format!("{name}: save() after the stored session was deleted elsewhere");
    let (mut same, mut otherwise) = (0, 0);
    for record in vectors.section("failures").iter().filter(|record| record["what"] == what) {
        let site = engine.site(SequenceRng::new([made(1)]));
        let key = site.stored(r#"{"a":1}"#).await;
        let visit = site.visit(Some(&key)).await;
        assert!(site.engine().delete(key.clone()).await.unwrap());
        visit.insert("b", &2).unwrap();
        let saved = visit.save().await;
        assert!(matches!(saved, Err(CommitError::Gone(_))), "{saved:?}");
        assert_eq!(visit.session_key().as_ref() == Some(&key), record["key_kept"] == true);
        assert_eq!(site.data(&key).await, None);
        if record["save_exc"] == "UpdateError" {
            same += 1;
        } else {
            // 1.8 and 1.9 bring the session back.
            assert_eq!(record["exists_after"], true);
            otherwise += 1;
        }
    }
    assert_eq!((same, otherwise), (1, 1));
    count(&format!("vectors cache.json failures, {name}"), same);
    count(&format!("vectors cache.json failures, {name}, intended differences"), otherwise);
}

#[test]
fn every_failure_is_run_or_cannot_happen() {
    let vectors = Vectors::read("cache");
    for record in vectors.section("failures") {
        let what = record["what"].as_str().unwrap();
        let run = what.ends_with(": save() after the stored session was deleted elsewhere");
        let listed = NO_FAILURE.iter().any(|(listed, why)| *listed == what && !why.is_empty());
        assert!(run ^ listed, "{what}");
    }
    count("vectors cache.json failures that cannot happen", NO_FAILURE.len());
}
