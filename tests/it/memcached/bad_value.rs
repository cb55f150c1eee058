//! Values that something else wrote, or broke.

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::memcached::MemcachedStore;
use lodger_core::{SessionStore, Swapped, Touched};
use lodger_tests::memcached::{MemcachedFixture, OwnServer, Raw};
use lodger_tests::site::Site;

use super::entry::{create, data, in_an_hour, is_unavailable, key, load, now, stored, write};

/// The name of `key("a")` in Lodger's own layout.
const OWN: &str = "lodger:session:{axxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx}";
/// The same in Django's.
const DJANGOS: &str = ":1:django.contrib.sessions.cacheaxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";
/// `{"a": 1}` as Python pickles it.
const PICKLE: &[u8] = b"\x80\x05\x95\n\0\0\0\0\0\0\0}\x94\x8c\x01a\x94K\x01s.";

/// Promise 15
#[tokio::test]
async fn bytes_that_nobody_here_wrote_are_data_that_are_not_ours() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let mut raw = Raw::connect(&server.url());
    let store = MemcachedStore::connect(&server.url()).unwrap();
    for value in [b"garbage".as_slice(), b"", b"\r\n", b"17", b"\xff\xfe:\0", b"END\r\n", PICKLE] {
        raw.set(OWN, 0, value);
        let loaded = load(&store, &key("a")).await.unwrap().unwrap();
        assert_eq!(loaded.record.session_data.as_bytes(), value);
    }
    // The server pads a number that has become shorter.
    raw.set(OWN, 0, b"10");
    assert_eq!(raw.ask(&format!("decr {OWN} 1")), "9");
    assert_eq!(data(&store, &key("a")).await.as_deref(), Some("9 "));
    // Through the manager it is an empty session, and what lies there stays.
    raw.set(OWN, 0, b"garbage");
    let site = Site::new(store);
    let known = lodger_core::SessionKey::parse(key("a").expose(), 128).unwrap();
    let visit = site.visit(Some(&known)).await;
    assert!(visit.fields().is_empty());
    visit.end().await.unwrap();
    assert_eq!(raw.get(OWN).unwrap().value, b"garbage");
}

/// Promise 15
#[tokio::test]
async fn in_djangos_layout_a_broken_pickle_is_handed_on_as_it_is() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let mut raw = Raw::connect(&server.url());
    let store = MemcachedStore::connect(&server.url()).unwrap().with_layout(CacheLayout::django());
    for length in 0..=PICKLE.len() {
        raw.set(DJANGOS, 1, &PICKLE[..length]);
        let loaded = load(&store, &key("a")).await.unwrap().unwrap();
        assert_eq!(loaded.record.session_data.as_bytes(), &PICKLE[..length]);
    }
}

/// Promise 15
#[tokio::test]
async fn in_djangos_layout_what_is_marked_as_no_pickle_is_none() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let mut raw = Raw::connect(&server.url());
    let store = MemcachedStore::connect(&server.url()).unwrap().with_layout(CacheLayout::django());
    // Bytes, integers, compressed values and texts, though the bytes would be a pickle.
    for flags in [0, 2, 4, 8, 9, 16, u32::MAX] {
        raw.set(DJANGOS, flags, PICKLE);
        let loaded = load(&store, &key("a")).await.unwrap().unwrap();
        assert_eq!(loaded.record.session_data.as_bytes(), b"", "{flags}");
        let version = loaded.version.unwrap();
        let touched = store.touch(&key("a"), &version, in_an_hour(), now()).await.unwrap();
        let Touched::Touched(Some(version)) = touched else { panic!("{touched:?}") };
        let kept = raw.get(DJANGOS).unwrap();
        assert_eq!((kept.value.as_slice(), kept.flags), (PICKLE, flags), "it is left alone");
        let swapped = store.swap(&key("a"), &version, write("new"), now()).await.unwrap();
        assert!(matches!(swapped, Swapped::Swapped(_)));
        let kept = raw.get(DJANGOS).unwrap();
        assert_eq!((kept.value.as_slice(), kept.flags), (b"new".as_slice(), 1));
    }
}

/// Promise 10
#[tokio::test]
async fn a_value_longer_than_anything_of_ours_is_not_read() {
    let Some(large) = MemcachedFixture::store(CacheLayout::lodger()) else { return };
    let url = MemcachedFixture::url().unwrap();
    let small = MemcachedStore::connect(&url).unwrap().with_layout(large.layout().clone());
    create(&large, &key("large"), &"x".repeat(2 << 20)).await.unwrap();
    create(&large, &key("small"), "data").await.unwrap();
    for _ in 0..3 {
        let refused = load(&small, &key("large")).await;
        assert!(is_unavailable(&refused), "it is no empty session");
        assert!(refused.unwrap_err().to_string().contains("with_largest_item"));
        assert_eq!(data(&small, &key("small")).await.as_deref(), Some("data"));
    }
    assert!(small.delete(&key("large")).await.unwrap());
}

/// Promise 3
#[tokio::test]
async fn what_is_flushed_is_gone_for_every_write() {
    let Some(server) = OwnServer::start(&[]) else { return };
    let store = MemcachedStore::connect(&server.url()).unwrap();
    let version = stored(&store, &key("a"), "data").await;
    // A flush acts on what is older than the second it comes in.
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(Raw::connect(&server.url()).ask("flush_all"), "OK");
    assert_eq!(data(&store, &key("a")).await, None);
    let swapped = store.swap(&key("a"), &version, write("late"), now()).await.unwrap();
    assert!(matches!(swapped, Swapped::Gone), "{swapped:?}");
    let touched = store.touch(&key("a"), &version, in_an_hour(), now()).await.unwrap();
    assert!(matches!(touched, Touched::Gone), "{touched:?}");
    let cycled = store.cycle(&key("a"), &version, &key("b"), write("late"), now()).await.unwrap();
    assert!(matches!(cycled, lodger_core::Cycled::Gone), "{cycled:?}");
    assert!(!store.delete(&key("a")).await.unwrap());
    assert_eq!(data(&store, &key("b")).await, None);
}
