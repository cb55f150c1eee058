//! `flags.json`: which operation flags what.

use lodger_core::{CookieValue, Presented, SessionKey, SessionStore};
use lodger_testing::SequenceRng;
use lodger_tests::any_site::AnySite;
use lodger_tests::report::count;
use lodger_tests::vectors::Vectors;
use serde_json::Value;

use super::difference::{DIFFERENCES, intended};
use super::engine::{InTheBrowser, RecordedEngine, Stored};
use super::operation::{UNKNOWN, made, run};

on_every_store!(
    every_recorded_operation_does_the_same,
    every_recorded_operation_of_the_async_twin_does_the_same,
    every_recorded_key_is_read_the_same,
);

/// What has no store to run over.
mod signed_cookies {
    use super::{InTheBrowser, run_section};

    #[tokio::test]
    async fn every_recorded_operation_does_the_same() {
        run_section(&InTheBrowser, "sync").await;
    }

    #[tokio::test]
    async fn every_recorded_operation_of_the_async_twin_does_the_same() {
        run_section(&InTheBrowser, "async").await;
    }
}

/// Runs the newest release's records of a section for an engine; tells how many were run, and how many
/// are intended differences.
pub(super) async fn run_section<E: RecordedEngine>(engine: &E, section: &str) {
    let vectors = Vectors::read("flags");
    let (mut same, mut intended_otherwise) = (0, 0);
    for record in vectors.newest(section) {
        if record["e"] != engine.name() {
            continue;
        }
        let text = |name: &str| record[name].as_str().expect("a text").to_owned();
        let (start, operation) = (text("start"), text("op"));
        let site = engine.site(SequenceRng::new((1..=3).map(made)));
        let outcome = run(engine, &site, &start, &operation, section == "async").await;
        let mut expected = record.clone();
        for name in ["v", "e", "op", "start"] {
            expected.as_object_mut().expect("a record").remove(name);
        }
        match (outcome, intended(engine.name(), &start, &operation)) {
            (Some(outcome), None) => {
                assert_eq!(outcome, expected, "{start}: {operation}");
                same += 1;
            }
            (None, None) => panic!("{start}: {operation} is neither run nor listed"),
            (Some(outcome), Some(listed)) => {
                assert_ne!(outcome, expected, "{start}: {operation}: {}", listed.reason);
                intended_otherwise += 1;
            }
            (None, Some(_)) => intended_otherwise += 1,
        }
        for key in (1..=3).map(made).chain([UNKNOWN.to_owned()]) {
            let key = SessionKey::parse(&key, 128).unwrap();
            site.engine().delete(key).await.unwrap();
        }
    }
    let name = engine.name();
    assert!(same > 20, "{same} records of {section} were run for {name}");
    count(&format!("vectors flags.json {section}, {name}"), same);
    count(
        &format!("vectors flags.json {section}, {name}, intended differences"),
        intended_otherwise,
    );
}

async fn every_recorded_operation_does_the_same<S: SessionStore>(store: S) {
    run_section(&Stored::new("db", store), "sync").await;
}

async fn every_recorded_operation_of_the_async_twin_does_the_same<S: SessionStore>(store: S) {
    run_section(&Stored::new("db", store), "async").await;
}

/// Keys that Django looks up and Lodger takes for none.
fn is_no_key_here(text: &str) -> bool {
    text.len() > 128 || text.contains('\0')
}

/// Promise 1
async fn every_recorded_key_is_read_the_same<S: SessionStore>(store: S) {
    read_keys(&Stored::new("db", store)).await;
}

/// Presents every key of the newest release's records to a site of an engine.
pub(super) async fn read_keys<E: RecordedEngine>(engine: &E) {
    let vectors = Vectors::read("flags");
    let (mut same, mut otherwise) = (0, 0);
    let name = engine.name();
    let records = vectors.newest("keys");
    let site = engine.site(SequenceRng::new((1..=records.len()).map(made)));
    for record in records {
        let presented = match record["key"].as_str() {
            None => Presented::Absent,
            Some(text) => Presented::Value(CookieValue::new(text.as_bytes())),
        };
        let request = site.request(presented);
        let text = record["key"].as_str().unwrap_or_default();
        let accepted = request.session_key();
        if is_no_key_here(text) {
            assert!(record["accepted"] == true && accepted.is_none(), "no difference any more");
            otherwise += 1;
        } else {
            assert_eq!(Value::from(accepted.is_some()), record["accepted"], "{text:?}");
            assert!(accepted.is_none_or(|key| key.expose() == text));
            same += 1;
        }
        // Whatever is presented, an empty session is loaded, and saved under a new key.
        let session = request.load().await.unwrap();
        assert!(session.fields().is_empty());
        assert!(record[name].as_str().unwrap().starts_with("loaded {}"));
        assert_eq!(session.session_key(), None);
        session.insert("x", &1).unwrap();
        session.save().await.unwrap();
        assert_eq!(record[format!("{name}_save")], "new");
        let key = session.session_key().unwrap();
        assert_ne!(key.expose(), text);
        site.engine().delete(key).await.unwrap();
    }
    count(&format!("vectors flags.json keys, {name}"), same);
    count(&format!("vectors flags.json keys, {name}, intended differences"), otherwise);
}

#[test]
fn every_intended_difference_is_one_of_a_recorded_operation() {
    let vectors = Vectors::read("flags");
    let recorded: Vec<&Value> =
        ["sync", "async"].into_iter().flat_map(|section| vectors.newest(section)).collect();
    for difference in DIFFERENCES {
        let is_of = |record: &&Value| {
            let [engine, start, operation] =
                ["e", "start", "op"].map(|name| record[name].as_str().unwrap());
            difference.is_of(engine, start, operation)
        };
        assert!(recorded.iter().any(is_of), "{}", difference.reason);
        assert!(!difference.reason.is_empty());
    }
}
