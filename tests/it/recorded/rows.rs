//! `db.json`, section `rows`: what a session looks like in the table, and when it ends.

use std::collections::HashMap;

use lodger_backends::db::DbStore;
use lodger_core::{DateStorage, Expiry, JsonText, Span, Timestamp};
use lodger_tests::report::count;
use lodger_tests::site::{Visit, dict};
use lodger_tests::vectors::{Vectors, gave};
use sea_orm::DatabaseConnection;
use serde_json::Value;

use super::peer::{Peer, empty, first_key, put, row};

on_database!(
    sqlite,
    Sqlite,
    std::convert::identity,
    sessions_end_when_django_says,
    rows_are_written_as_django_writes_them,
    rows_of_every_release_are_read
);

/// Why a record is not compared as it stands; `None` if it is.
fn difference(record: &Value) -> Option<&'static str> {
    let is = |name: &str, value: &str| record[name] == value;
    if record.get("exc").is_some() && is("set_expiry", "datetime_naive") {
        Some("a date without a zone cannot be given")
    } else if record.get("exc").is_some() {
        Some("a date with a zone beside dates without one, or up to 4.0 any date, is an error")
    } else if record.get("save_exc").is_some() {
        Some("up to 4.0 a date cannot be saved")
    } else {
        None
    }
}

pub(super) fn cases() -> HashMap<String, String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/data/django/cases.json");
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let pair = |case: &Value| {
        let text = |name: &str| case[name].as_str().unwrap().to_owned();
        (text("case"), text("payload"))
    };
    file["json_cases"].as_array().unwrap().iter().map(pair).collect()
}

/// An instant from its ISO text; without a zone it is meant as the site means it.
fn instant(text: &str, dates: &DateStorage) -> Timestamp {
    match chrono::DateTime::parse_from_rfc3339(text) {
        Ok(date) => date.to_utc().into(),
        Err(_) => {
            let naive: chrono::NaiveDateTime = text.parse().unwrap();
            dates.instant(naive.and_utc().into())
        }
    }
}

/// Does to a new session what was done when the record was made.
fn fill(visit: &Visit, record: &Value, cases: &HashMap<String, String>, dates: &DateStorage) {
    if let Some(case) = record["case"].as_str() {
        for (name, value) in dict(&cases[case]).iter() {
            visit.insert_json(name, value.clone()).unwrap();
        }
        return;
    }
    visit.insert("k", &1).unwrap();
    let expiry = match record["set_expiry"].as_str().unwrap() {
        "0" => Expiry::AtBrowserClose,
        "300" => Expiry::Sliding(Span::from_secs(300)),
        "neg" => Expiry::Sliding(Span::from_secs(-10)),
        "float" => Expiry::Sliding(Span::from_micros(1_500_000)),
        "timedelta_zero" => Expiry::In(Span::ZERO),
        "datetime_naive" => Expiry::At(instant("2023-12-01T01:02:03", dates)),
        "datetime_aware" => Expiry::At(instant("2023-11-16T22:13:20+00:00", dates)),
        "true" => {
            let truth = JsonText::parse("true", 1).unwrap();
            return visit.insert_json("_session_expiry", truth).unwrap();
        }
        other => panic!("set_expiry({other}) is new"),
    };
    visit.set_expiry(expiry).unwrap();
}

/// A recorded age in seconds; Python's `True` is one second.
fn seconds(age: &Value) -> f64 {
    age.as_f64().or(age.as_bool().map(f64::from)).expect("an age is a number")
}

/// Age, date and end with the browser, of every release that gave them.
///
/// Promise 8
async fn sessions_end_when_django_says(store: DbStore) {
    let (vectors, cases) = (Vectors::read("db"), cases());
    let mut compared = 0;
    for record in vectors.section("rows") {
        // Up to 4.0 the methods fail on a date in a text, or hand it on.
        if difference(record).is_some() && !record["age"].is_number() {
            continue;
        }
        let peer = Peer::of(record, vectors.versions());
        let site = peer.site(store.connection());
        let visit = site.visit(None).await;
        fill(&visit, record, &cases, &peer.dates);
        let age = visit.expiry_age().as_micros() as f64 / 1e6;
        assert_eq!(age, seconds(&record["age"]), "{record}");
        let date = instant(record["date"].as_str().unwrap(), &peer.dates);
        assert_eq!(visit.expiry_date(), date, "{record}");
        assert_eq!(Value::from(visit.expire_at_browser_close()), record["browser_close"]);
        compared += 1;
    }
    assert!(compared > 80, "{compared}");
    count("vectors db.json rows, expiry", compared);
}

/// Key, text, date and the types of both, as the newest release writes them.
async fn rows_are_written_as_django_writes_them(store: DbStore) {
    let (vectors, cases) = (Vectors::read("db"), cases());
    let db = store.connection();
    let (mut compared, mut otherwise) = (0, 0);
    for record in vectors.newest("rows") {
        if difference(record).is_some() {
            otherwise += 1;
            continue;
        }
        let peer = Peer::of(record, vectors.versions());
        let site = peer.site(db);
        let visit = site.visit(None).await;
        fill(&visit, record, &cases, &peer.dates);
        visit.end().await.unwrap();
        let written = row(db).await;
        if record["case"] == "empty" {
            // An empty new session is not stored.
            assert_eq!(written, None);
            otherwise += 1;
            continue;
        }
        let written = written.expect("the session was stored");
        if let Some(expected) = record["row"].as_array() {
            for (place, expected) in expected.iter().enumerate() {
                // What is deflated depends on the library; the texts must mean the same.
                let deflated = expected.as_str().unwrap().starts_with('.');
                if !deflated {
                    assert_eq!(written[place], *expected, "{record}");
                }
            }
            let stored = site.data(&first_key()).await.unwrap();
            assert_eq!(dict(&stored), dict(record["load_back"].as_str().unwrap()));
        } else {
            assert_eq!(written[2], record["expire_date"], "{record}");
            let stored = visit.fields();
            let stored = stored.get_json("_session_expiry").unwrap().as_str();
            assert_eq!(stored, record["stored"].to_string(), "{record}");
        }
        compared += 1;
        empty(db).await;
    }
    assert!(compared > 40, "{compared}");
    count("vectors db.json rows, written", compared);
    count("vectors db.json rows, intended differences", otherwise);
}

/// The rows of all nineteen releases, read by a codec of their time.
async fn rows_of_every_release_are_read(store: DbStore) {
    let vectors = Vectors::read("db");
    let db = store.connection();
    let mut read = 0;
    for record in vectors.section("rows") {
        let Some(recorded) = record["row"].as_array() else { continue };
        let text = |place: usize| recorded[place].as_str().unwrap();
        put(db, text(0), text(1), text(2)).await;
        let releases = (0..vectors.versions().len()).filter(|release| gave(record, *release));
        for release in releases {
            let mut of_release = record.clone();
            of_release["v"] = serde_json::json!([release]);
            let peer = Peer::of(&of_release, vectors.versions());
            let visit = peer.site(db).visit(Some(&first_key())).await;
            let expected = dict(record["load_back"].as_str().unwrap());
            assert_eq!(visit.fields(), expected, "{record}");
            let key = visit.session_key().map(|key| key.expose().to_owned());
            assert_eq!(key.as_deref(), record["key_after_load"].as_str());
            let end = expire_date(&peer, db).await;
            assert_eq!(end, instant(&text(2).replace(' ', "T"), &peer.dates));
            read += 1;
        }
        empty(db).await;
    }
    assert!(read > 100, "{read}");
    count("vectors db.json rows, read", read);
}

/// When the stored session ends, as the store reads it.
async fn expire_date(peer: &Peer, db: &DatabaseConnection) -> Timestamp {
    use lodger_core::{Clock, SessionStore, StoredKey};
    let site = peer.site(db);
    let loaded = site.faults.load(&StoredKey::from(&first_key()), site.clock.now()).await;
    loaded.unwrap().expect("the row is live").record.expire_date
}
