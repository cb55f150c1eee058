//! `cache.json`: what Django put into memcached, and what we put there.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use lodger_backends::cache_layout::CacheLayout;
use lodger_core::{SessionData, SessionDict, SessionStore, Span, StoredKey};
use lodger_tests::memcached::{MemcachedFixture, Raw};
use lodger_tests::report::count;
use lodger_tests::vectors::Vectors;
use serde_json::Value;

use super::entry::{key, load, now, record};

/// Bytes from base 64.
fn bytes(text: &Value) -> Vec<u8> {
    STANDARD.decode(text.as_str().unwrap()).unwrap()
}

/// The layout of a record's engine in its cache, all names beginning with what is given besides.
fn layout(record: &Value, prefix: &str) -> CacheLayout {
    let layout = match record["engine"].as_str().unwrap() {
        "cache" => CacheLayout::django(),
        "cached_db" => CacheLayout::django_cached_db(),
        other => panic!("the engine {other} is new"),
    };
    match record["alias"].as_str().unwrap() {
        "prefixed" => layout.with_prefix(format!("{prefix}site1")).with_version(7),
        _ => layout.with_prefix(prefix),
    }
}

/// Puts what was recorded of a cache into the server as Django does, and as we do, and gives the number
/// of values.
async fn compare(alias: &str) -> Option<usize> {
    let any = MemcachedFixture::store(CacheLayout::django())?;
    let mut server = Raw::connect(&MemcachedFixture::url().unwrap());
    let vectors = Vectors::read("cache");
    let mut compared = 0;
    for seen in vectors.section("entries").iter().filter(|record| record["alias"] == alias) {
        let prefix = any.layout().prefix();
        let store = any.clone().with_layout(layout(seen, prefix));
        let key = StoredKey::from(seen["session_key"].as_str().unwrap().to_owned());
        for entry in seen["entries"].as_array().unwrap() {
            let value = bytes(&entry["bytes"]);
            // Of a cache in another place none are recorded; these say that it is a pickle.
            let flags = entry["flags"].as_u64().map_or(1, |flags| flags as u32);
            let lifetime = entry["ttl"].as_f64().unwrap() as i64;
            let name = format!("{prefix}{}", entry["key"].as_str().unwrap());
            // Django wrote it.
            server.set(&name, flags, &value);
            let read = load(&store, &key).await.unwrap().expect("it is found by its name");
            assert_eq!(read.record.session_data.as_bytes(), value, "{seen}");
            assert!(store.delete(&key).await.unwrap());
            // We write it.
            let at = now();
            let mut put = record(&key, "");
            put.session_data = SessionData::from_bytes(value.as_slice());
            put.expire_date = at + Span::from_secs(lifetime);
            store.create(put, SessionDict::new(), at).await.unwrap();
            let written = server.get(&name).expect("it is under Django's name");
            assert_eq!((written.value, written.flags), (value, flags), "{seen}");
            let left = server.time_to_live(&name).unwrap();
            assert!((lifetime - left).abs() <= 1, "{lifetime} became {left}");
            store.delete(&key).await.unwrap();
            compared += 1;
        }
    }
    Some(compared)
}

/// Names, bytes, flags and time to live are Django's, and what Django wrote is handed on as it is.
#[tokio::test]
async fn values_lie_in_memcached_as_djangos_do() {
    let Some(compared) = compare("mc").await else { return };
    assert!(compared > 30, "{compared}");
    count("vectors cache.json entries, memcached", compared);
}

/// A cache's `KEY_PREFIX` and `VERSION`, which were recorded of one in memory.
#[tokio::test]
async fn names_have_djangos_prefix_and_version() {
    let Some(compared) = compare("prefixed").await else { return };
    assert_eq!(compared, 24);
    count("vectors cache.json entries, prefixed, in memcached", compared);
}

/// Promise 8
#[tokio::test]
async fn values_live_as_long_as_djangos() {
    let Some(store) = MemcachedFixture::store(CacheLayout::django()) else { return };
    let mut server = Raw::connect(&MemcachedFixture::url().unwrap());
    let vectors = Vectors::read("cache");
    let mut compared = 0;
    for seen in vectors.section("ages").iter().filter(|record| record["alias"] == "mc") {
        let age = seen["SESSION_COOKIE_AGE"].as_i64().unwrap();
        let key = key(&format!("age{age}of{compared}"));
        let at = now();
        let mut put = record(&key, "data");
        put.expire_date = at + Span::from_secs(age);
        store.create(put, SessionDict::new(), at).await.unwrap();
        let name =
            format!("{}:1:django.contrib.sessions.cache{}", store.layout().prefix(), key.expose());
        let left = server.time_to_live(&name);
        let expected = seen["entries"].as_array().unwrap().first();
        let expected = expected.map(|entry| entry["ttl"].as_i64().unwrap());
        match (left, expected) {
            (None, None) => {}
            (Some(left), Some(expected)) => {
                // Beyond 30 days it is a date, and the server's own clock may be a second behind.
                let jitter = if age > 30 * 86_400 { 2 } else { 1 };
                assert!((left - expected).abs() <= jitter, "{seen}: {left}");
            }
            other => panic!("{seen}: {other:?}"),
        }
        compared += 1;
    }
    assert!(compared >= 3, "{compared}");
    count("vectors cache.json ages, memcached", compared);
}
