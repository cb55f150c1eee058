//! The form that Django's caches have, against what real releases wrote.

use std::time::Duration;

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::redis::RedisStore;
use lodger_core::{
    Created, SessionData, SessionDict, SessionRecord, SessionStore, Span, StoredKey, Swapped,
    Touched, Write,
};
use lodger_tests::redis::{OwnRedis, admin};
use lodger_tests::report::count;
use lodger_tests::vectors::Vectors;
use serde_json::Value;

use super::deed::now;

/// What one release left in Redis.
struct Recorded<'a> {
    engine: &'a str,
    key: StoredKey,
    name: &'a str,
    value: Vec<u8>,
    ttl: i64,
}

fn recorded(record: &Value) -> Option<Recorded<'_>> {
    let [entry] = &record["entries"].as_array()?[..] else { return None };
    Some(Recorded {
        engine: record["engine"].as_str()?,
        key: StoredKey::from(record["session_key"].as_str()?.to_owned()),
        name: entry["key"].as_str()?,
        value: base64(entry["bytes"].as_str()?),
        ttl: entry["ttl"].as_i64()?,
    })
}

fn layout(engine: &str) -> CacheLayout {
    match engine {
        "cache" => CacheLayout::django(),
        "cached_db" => CacheLayout::django_cached_db(),
        other => panic!("{other} keeps nothing in Redis"),
    }
}

fn base64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        _ => 63,
    };
    let digits: Vec<u32> =
        text.bytes().filter(|byte| *byte != b'=').map(|byte| digit(byte).into()).collect();
    let mut bytes = Vec::new();
    for group in digits.chunks(4) {
        let bits = group.iter().fold(0, |bits, digit| bits << 6 | digit);
        let bits = bits << (6 * (4 - group.len()));
        bytes.extend_from_slice(&bits.to_be_bytes()[1..group.len()]);
    }
    bytes
}

/// Django: CacheSessionTests
#[tokio::test]
async fn what_django_wrote_is_read_and_what_we_write_is_the_same() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let base = RedisStore::connect(&server.url()).unwrap();
    let mut redis = admin(&server.url()).await.unwrap();
    let vectors = Vectors::read("cache");
    let entries = vectors.section("entries").iter();
    let mut cases = 0;
    for record in entries.filter(|record| record["alias"] == "redis").filter_map(recorded) {
        let Recorded { engine, key, name, value, ttl } = record;
        let store = base.clone().with_layout(layout(engine));
        redis::cmd("FLUSHALL").exec_async(&mut redis).await.unwrap();
        // Theirs.
        let mut set = redis::cmd("SET");
        set.arg(name).arg(&value).arg("EX").arg(ttl);
        set.exec_async(&mut redis).await.unwrap();
        let loaded = store.load(&key, now()).await.unwrap().unwrap();
        assert_eq!(loaded.record.session_data.as_bytes(), value);
        let off = (loaded.record.expire_date - (now() + Span::from_secs(ttl))).as_micros();
        assert!(off.abs() < 2_000_000, "{off}");
        assert!(store.delete(&key).await.unwrap());
        // Ours.
        let record = SessionRecord {
            session_key: key.clone(),
            session_data: SessionData::from_bytes(value.clone()),
            expire_date: now() + Span::from_secs(ttl),
        };
        let created = store.create(record, SessionDict::new(), now()).await.unwrap();
        assert!(matches!(created, Created::Created(_)));
        let get = redis::cmd("GET").arg(name).query_async(&mut redis).await;
        let held: Vec<u8> = get.unwrap();
        assert_eq!(held, value);
        let left: i64 = redis::cmd("TTL").arg(name).query_async(&mut redis).await.unwrap();
        assert!((ttl - 2..=ttl).contains(&left), "{left} of {ttl}");
        cases += 1;
    }
    assert!(cases > 10, "{cases}");
    count("vectors cache.json entries, Redis", cases);
}

/// Promise 8
#[tokio::test]
async fn values_live_as_long_as_djangos() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap().with_layout(CacheLayout::django());
    let vectors = Vectors::read("cache");
    let mut compared = 0;
    for seen in vectors.section("ages").iter().filter(|record| record["alias"] == "redis") {
        let age = seen["SESSION_COOKIE_AGE"].as_i64().unwrap();
        let key = super::deed::key(&format!("age{age}of{compared}"));
        let at = now();
        let record = SessionRecord {
            session_key: key.clone(),
            session_data: SessionData::from_text("data"),
            expire_date: at + Span::from_secs(age),
        };
        store.create(record, SessionDict::new(), at).await.unwrap();
        let name = format!(":1:django.contrib.sessions.cache{}", key.expose());
        let expected = seen["entries"].as_array().unwrap().first();
        let expected = expected.map(|entry| entry["ttl"].as_i64().unwrap());
        // The server takes nothing that lives for less than a millisecond.
        tokio::time::sleep(Duration::from_millis(5)).await;
        let loaded = store.load(&key, at).await.unwrap();
        assert_eq!(loaded.is_some(), expected.is_some(), "{seen}");
        if let Some(expected) = expected {
            let left: i64 = server.run(&["TTL", &name]).await.parse().unwrap();
            assert!((expected - 1..=expected).contains(&left), "{seen}: {left}");
        }
        compared += 1;
    }
    assert!(compared >= 2, "{compared}");
    count("vectors cache.json ages, Redis", compared);
}

/// A value that Django keeps without end, and one that it renews.
#[tokio::test]
async fn the_server_says_when_a_session_of_djangos_ends() {
    let Some(server) = OwnRedis::start(&[]).await else { return };
    let store = RedisStore::connect(&server.url()).unwrap().with_layout(CacheLayout::django());
    let (key, name) =
        (super::deed::key("a"), format!(":1:django.contrib.sessions.cache{:x<32}", "a"));
    server.run(&["SET", &name, "forever"]).await;
    let loaded = store.load(&key, now()).await.unwrap().unwrap();
    assert_eq!(loaded.record.expire_date, lodger_core::Timestamp::MAX);
    let version = loaded.version.unwrap();
    // A touch moves the end and leaves the value, so the version stays.
    let end = now() + Span::from_secs(100);
    let touched = store.touch(&key, &version, end, now()).await.unwrap();
    assert!(matches!(touched, Touched::Touched(Some(same)) if same == version));
    let left: i64 = server.run(&["TTL", &name]).await.parse().unwrap();
    assert!((98..=100).contains(&left), "{left}");
    let write = Write {
        session_data: SessionData::from_text("ours"),
        expire_date: now() + Span::from_secs(1000),
        fields: SessionDict::new(),
    };
    let swapped = store.swap(&key, &version, write.clone(), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Swapped(Some(_))));
    assert_eq!(server.run(&["GET", &name]).await, "ours");
    // Django writes without asking: we see that it has moved.
    server.run(&["SET", &name, "theirs", "EX", "50"]).await;
    let Swapped::Moved(loaded) = store.swap(&key, &version, write, now()).await.unwrap() else {
        panic!("what Django wrote was overwritten")
    };
    assert_eq!(loaded.record.session_data.as_text(), Some("theirs"));
    let left = (loaded.record.expire_date - now()).whole_seconds();
    assert!((47..=50).contains(&left), "{left}");
    let touched = store.touch(&key, &version, end, now()).await.unwrap();
    assert!(matches!(touched, Touched::Moved(_)));
}
