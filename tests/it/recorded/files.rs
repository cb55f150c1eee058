//! `file.json`: what the file engine of each release wrote and read, and what it made of files that
//! are broken, old or not its own.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use lodger_backends::file::FileStore;
use lodger_core::{
    CookieValue, Presented, SessionKey, SessionStore, Settings, Span, StoredKey, Timestamp,
};
use lodger_testing::SequenceRng;
use lodger_tests::file_fixture::{OwnFolder, write_modified};
use lodger_tests::report::count;
use lodger_tests::security_log;
use lodger_tests::site::{Site, dict};
use lodger_tests::vectors::{Vectors, gave};
use serde_json::Value;

use super::operation::made;
use super::peer::{Peer, first_key};
use super::rows::cases;

/// The instant of the recording.
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);
/// The cookie's age.
const AGE: i64 = 1_209_600;

/// How old the file was at each load, in seconds.
const LOADS: [(&str, i64); 5] = [
    ("mtime_now", 0),
    ("mtime_301s_ago", 301),
    ("mtime_age_minus_1", AGE - 1),
    ("mtime_age", AGE),
    ("mtime_old", 5_000_000),
];

/// Why a load is not as it was recorded; `None` if it is.
fn difference(record: &Value, load: &str, release: &str) -> Option<&'static str> {
    let case = record["case"].as_str().unwrap();
    let names_its_end = case.starts_with("expiry_i");
    let old = ["mtime_age", "mtime_old"].contains(&load);
    let early = release.starts_with("1.8.") || release.starts_with("1.9.");
    if record[load].get("exc").is_some() {
        Some("a date is an error from Python 3 on, up to 4.0")
    } else if early && old && !names_its_end {
        Some("1.8 and 1.9 never end a session without an expiry of its own")
    } else if !early && load == "mtime_age_minus_1" && !names_its_end {
        Some("from 1.10 on a session ends when less than a second is left")
    } else {
        None
    }
}

/// A Django of this release, shared with as its defaults are.
fn shared(
    folder: &OwnFolder,
    record: &Value,
    vectors: &Vectors,
    release: usize,
) -> Site<FileStore> {
    let mut of_release = record.clone();
    of_release["v"] = serde_json::json!([release]);
    let codec = Peer::of(&of_release, vectors.versions()).codec();
    let store = FileStore::open(folder.path(), codec.clone(), &Settings::django()).unwrap();
    let rng = SequenceRng::new((1..=3).map(made));
    let site = Site::with_codec(store, codec, |builder| {
        builder.with_settings(Settings::django()).with_rng(rng)
    });
    site.clock.set(NOW);
    site
}

fn releases(record: &Value, vectors: &Vectors) -> impl Iterator<Item = usize> {
    (0..vectors.versions().len()).filter(|release| gave(record, *release))
}

fn bytes(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

fn texts(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

/// The files of all releases, of every age.
///
/// Promise 8
#[tokio::test]
async fn files_of_every_release_are_read() {
    let vectors = Vectors::read("file");
    let (mut same, mut otherwise, mut reasons) = (0, 0, BTreeSet::new());
    for record in vectors.section("written") {
        let folder = OwnFolder::create();
        let path = folder.path().join(texts(&record["files"])[0]);
        for release in releases(record, &vectors) {
            let version = &vectors.versions()[release];
            for (load, age) in LOADS {
                write_modified(&path, &bytes(&record["bytes"]), NOW - Span::from_secs(age));
                let site = shared(&folder, record, &vectors, release);
                let visit = site.visit(Some(&first_key())).await;
                let expected = &record[load];
                let found = (visit.fields(), visit.session_key());
                // A load leaves everything as it is, while Django puts another file there.
                assert_eq!(folder.names(), texts(&record["files"]));
                let recorded = expected["data"].as_str().map(|data| {
                    let kept = expected["key"].as_str() == Some(first_key().expose());
                    (dict(data), kept.then(first_key))
                });
                match difference(record, load, version) {
                    None => {
                        assert_eq!(Some(found), recorded, "{version} {load}: {record}");
                        same += 1;
                    }
                    Some(why) => {
                        assert_ne!(Some(found), recorded, "{version} {load}: {why}");
                        reasons.insert(why);
                        otherwise += 1;
                    }
                }
            }
        }
    }
    assert_eq!(reasons.len(), 3, "{reasons:?}");
    count("vectors file.json written, read", same);
    count("vectors file.json written, intended differences", otherwise);
}

/// Name, mode and content, as the newest release writes them.
#[tokio::test]
async fn files_are_written_as_django_writes_them() {
    let (vectors, cases) = (Vectors::read("file"), cases());
    let (mut compared, mut otherwise) = (0, 0);
    for record in vectors.newest("written") {
        let folder = OwnFolder::create();
        let site = shared(&folder, record, &vectors, vectors.versions().len() - 1);
        let visit = site.visit(None).await;
        for (name, value) in dict(&cases[record["case"].as_str().unwrap()]).iter() {
            visit.insert_json(name, value.clone()).unwrap();
        }
        visit.end().await.unwrap();
        if record["case"] == "empty" {
            // An empty new session is not stored.
            assert_eq!(folder.names(), [] as [&str; 0]);
            otherwise += 1;
            continue;
        }
        assert_eq!(folder.names(), texts(&record["files"]));
        let path = folder.path().join(&folder.names()[0]);
        let mode = fs::metadata(&path).unwrap().permissions().mode() & 0o7777;
        assert_eq!(format!("0o{mode:o}"), record["mode"].as_str().unwrap());
        let (written, expected) = (fs::read(&path).unwrap(), bytes(&record["bytes"]));
        // What is deflated depends on the library.
        if !expected.starts_with(b".") {
            assert_eq!(written, expected, "{record}");
        }
        assert_eq!(Timestamp::from(fs::metadata(&path).unwrap().modified().unwrap()), NOW);
        compared += 1;
    }
    assert!(compared > 4, "{compared}");
    count("vectors file.json written, written", compared);
    count("vectors file.json written, intended differences of writing", otherwise);
}

/// What is no session's is an empty session; some releases fail on it.
#[test]
fn broken_files_are_empty_sessions() {
    let vectors = Vectors::read("file");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (mut same, mut otherwise) = (0, 0);
    for record in vectors.section("bad_content") {
        for release in releases(record, &vectors) {
            let folder = OwnFolder::create();
            let key = SessionKey::parse(record["key"].as_str().unwrap(), 128).unwrap();
            write_modified(&folder.file(key.expose()), &bytes(&record["content"]), NOW);
            let site = shared(&folder, record, &vectors, release);
            let ((fields, kept), warnings) = security_log::watch(|| {
                let visit = runtime.block_on(site.visit(Some(&key)));
                (visit.fields(), visit.session_key())
            });
            assert_eq!((fields, kept), (dict("{}"), Some(key)), "{record}");
            assert_eq!(folder.names(), texts(&record["files"]));
            if record.get("exc").is_some() {
                otherwise += 1;
                continue;
            }
            assert_eq!(record["data"], "{}");
            if bytes(&record["content"]).starts_with(b"\xFF") {
                // Up to 2.1 bytes that are no text are left out; here they are reported.
                assert_eq!(warnings.len(), 1);
                otherwise += 1;
                continue;
            }
            assert_eq!(warnings.len(), texts(&record["log"]).len(), "{record}: {warnings:?}");
            same += 1;
        }
    }
    assert!(same > 15 && otherwise > 10, "{same}, {otherwise}");
    count("vectors file.json bad_content", same);
    count("vectors file.json bad_content, intended differences", otherwise);
}

/// Keys that name no file.
#[tokio::test]
async fn keys_that_name_no_file_are_absent() {
    let vectors = Vectors::read("file");
    let mut compared = 0;
    for record in vectors.section("keys") {
        for release in releases(record, &vectors) {
            let folder = OwnFolder::create();
            let site = shared(&folder, record, &vectors, release);
            let text = record["key"].as_str().unwrap();
            let stored_key = StoredKey::from(text.to_owned());
            assert!(site.faults.load(&stored_key, NOW).await.unwrap().is_none());
            assert!(!site.faults.delete(&stored_key).await.unwrap());
            let request = site.request(Presented::Value(CookieValue::new(text.as_bytes())));
            let session = request.load().await.unwrap();
            assert_eq!(session.fields(), dict(record["load"][0].as_str().unwrap()));
            assert!(record["load"][1].is_null() && session.session_key().is_none());
            session.insert("a", &1).unwrap();
            session.save().await.unwrap();
            let key = session.session_key().unwrap();
            assert_eq!(key.expose(), record["save"][0].as_str().unwrap());
            assert_eq!(folder.names(), texts(&record["save"][1]));
            compared += 1;
        }
    }
    assert!(compared > 70, "{compared}");
    count("vectors file.json keys", compared);
}

/// Django: FileSessionTests.test_clearsessions_command
#[tokio::test]
async fn clearing_removes_what_django_removes() {
    let vectors = Vectors::read("file");
    let (mut same, mut otherwise) = (0, 0);
    let old = NOW - Span::from_secs(5_000_000);
    for record in vectors.section("clear_expired") {
        for release in releases(record, &vectors) {
            let folder = OwnFolder::create();
            let site = shared(&folder, record, &vectors, release);
            let planted = [
                ("0", NOW, "{\"a\":1}"),
                ("1", old, "{\"a\":1}"),
                ("2", old, "{\"_session_expiry\":300}"),
                ("3", NOW, "{\"_session_expiry\":-5}"),
                ("4", old, "{\"_session_expiry\":0}"),
            ];
            for (place, modified, data) in planted {
                let key = SessionKey::parse(&format!("abcdefgh{place}"), 128).unwrap();
                let data = site.manager.encode(&key, &dict(data)).unwrap();
                write_modified(&folder.file(key.expose()), data.as_bytes(), modified);
            }
            for other in ["otherfile", "sessionidabcdefgh8_out_tmp1", "sessionidabcdefgh9"] {
                write_modified(&folder.path().join(other), b"", NOW);
            }
            assert_eq!(folder.names(), texts(&record["value"]["before"]));
            assert_eq!(site.manager.clear_expired().await.unwrap(), 3);
            let after = texts(&record["value"]["after"]);
            if vectors.versions()[release].starts_with("1.8.")
                || vectors.versions()[release].starts_with("1.9.")
            {
                // They never end a session without an expiry of its own.
                let kept: Vec<&str> = after
                    .into_iter()
                    .filter(|name| !name.ends_with(['1', '4']) || name.contains("_out_"))
                    .collect();
                assert_eq!(folder.names(), kept);
                otherwise += 1;
            } else {
                assert_eq!(folder.names(), after);
                same += 1;
            }
            // By our own defaults the 300 seconds are over, too.
            let ours = Site::new(folder.store());
            ours.clock.set(NOW);
            assert_eq!(ours.manager.clear_expired().await.unwrap(), 1);
        }
    }
    assert!(same > 10, "{same}");
    count("vectors file.json clear_expired", same);
    count("vectors file.json clear_expired, intended differences", otherwise);
}
