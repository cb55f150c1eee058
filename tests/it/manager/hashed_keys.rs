//! `KeyStorage::Hashed`: what leaks from a store opens nothing.

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::memory::MemoryStore;
use lodger_backends::redis::RedisStore;
use lodger_codec::PickleCodec;
use lodger_core::{
    AnyStore, Clock, KeyStorage, Limits, Opened, Presented, SessionKey, SessionStore, Settings,
    SettingsError, Span, StoredKey,
};
use lodger_manager::SessionManager;
use lodger_testing::{FailingStore, SpyStore};
use lodger_tests::cache::over_cached_db;
use lodger_tests::site::{SECRET_KEY, Site, codec, dict};

on_every_store!(
    a_session_lies_under_the_hash_of_its_key,
    a_change_of_key_and_an_ending_reach_the_hash,
    an_administrator_names_the_visitors_key,
    a_hash_that_leaked_is_no_key,
);

pub(super) fn settings(storage: KeyStorage) -> Settings {
    let mut settings = Settings::default();
    settings.key_storage = storage;
    settings
}

pub(super) fn site<S: SessionStore>(store: S, storage: KeyStorage) -> Site<S> {
    Site::with_settings(store, settings(storage))
}

/// Whether something live lies under the key as it is, and under its hash.
pub(super) async fn places<S: SessionStore>(site: &Site<S>, key: &SessionKey) -> [bool; 2] {
    let (store, now) = (site.faults.store(), site.clock.now());
    let plain = store.load(&StoredKey::from(key), now).await.unwrap();
    let hash = store.load(&StoredKey::hashed(key), now).await.unwrap();
    [plain.is_some(), hash.is_some()]
}

/// The hash of a key, as somebody presents it who has seen it in the store.
pub(super) fn leaked(key: &SessionKey) -> SessionKey {
    SessionKey::parse(StoredKey::hashed(key).expose(), 128).expect("40 characters")
}

/// Promise 12
async fn a_session_lies_under_the_hash_of_its_key<S: SessionStore>(store: S) {
    let site = site(store, KeyStorage::Hashed);
    let key = site.stored(r#"{"a":1}"#).await;
    assert_eq!(key.expose().len(), 32, "the visitor gets the key and not the hash");
    assert_eq!(places(&site, &key).await, [false, true]);
    let visit = site.visit(Some(&key)).await;
    assert_eq!(visit.session_key(), Some(key.clone()));
    visit.increment("a", 1).unwrap();
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert!(site.visit(Some(&key)).await.request.commit(true).await.unwrap().is_some());
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":2}"#);
    assert_eq!(places(&site, &key).await, [false, true]);
}

/// Promise 3
/// Promise 6
async fn a_change_of_key_and_an_ending_reach_the_hash<S: SessionStore>(store: S) {
    let site = site(store, KeyStorage::Hashed);
    let old = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&old)).await;
    visit.cycle_key().unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_eq!(places(&site, &old).await, [false, false]);
    assert_eq!(places(&site, &new).await, [false, true]);
    assert!(site.manager.revoke(&new).await.unwrap());
    assert_eq!(places(&site, &new).await, [false, false]);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    assert_eq!(visit.end().await, Ok(None));
    assert_eq!(places(&site, &key).await, [false, false]);
}

async fn an_administrator_names_the_visitors_key<S: SessionStore>(store: S) {
    let site = site(store, KeyStorage::Hashed);
    let key = SessionKey::parse("administeredkey0123456789abcdefg", 128).unwrap();
    let end = site.clock.now() + Span::from_secs(60);
    for json in [r#"{"a":1}"#, r#"{"b":2}"#] {
        let record = site.manager.save(&key, &dict(json), end).await.unwrap().unwrap();
        assert_eq!(record.session_key, StoredKey::hashed(&key));
        assert_eq!(site.manager.decode(&key, &record.session_data), dict(json));
        assert_eq!(site.data(&key).await.as_deref(), Some(json));
        assert_eq!(places(&site, &key).await, [false, true]);
    }
    assert!(site.manager.save(&key, &dict("{}"), end).await.unwrap().is_none());
    assert_eq!(places(&site, &key).await, [false, false]);
}

/// Promise 12
async fn a_hash_that_leaked_is_no_key<S: SessionStore>(store: S) {
    let store = SpyStore::new(store);
    for storage in [KeyStorage::Hashed, KeyStorage::MovingToHashed] {
        let site = site(store.clone(), storage);
        let key = site.stored(r#"{"a":1}"#).await;
        let leaked = leaked(&key);
        let visit = site.visit(Some(&leaked)).await;
        assert!(visit.fields().is_empty() && visit.session_key().is_none());
        let request = site.request(Presented::Value((&leaked).into()));
        assert_eq!((request.session_key(), request.is_empty()), (None, true));
        site.spy.assert_untouched();
        // What is written then has a key of its own, and an ending ends nothing.
        visit.insert("b", &1).unwrap();
        let fresh = visit.end_with_key().await.unwrap();
        assert!(fresh != leaked && fresh != key);
        let visit = site.visit(Some(&leaked)).await;
        visit.flush().unwrap();
        visit.end().await.unwrap();
        assert_eq!(site.manager.find(&leaked).await.unwrap(), None);
        assert!(!site.manager.revoke(&leaked).await.unwrap());
        assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    }
}

/// Promise 12
#[tokio::test]
async fn whatever_is_as_long_as_a_hash_is_refused_without_a_question() {
    for storage in [KeyStorage::Hashed, KeyStorage::MovingToHashed] {
        let site = site(MemoryStore::default(), storage);
        for text in ["A".repeat(40), "-".repeat(40), "\u{e4}".repeat(40)] {
            let presented = lodger_core::CookieValue::new(text.into_bytes());
            let opened = site.manager.open(&presented).await.unwrap();
            assert!(matches!(opened, Opened::Fresh));
            site.spy.assert_untouched();
        }
    }
}

/// Promise 12
#[tokio::test(flavor = "multi_thread")]
async fn hashed_keys_in_djangos_layout_are_refused() {
    over_cached_db(|cached| async move {
        let redis = RedisStore::connect("redis://localhost/").unwrap();
        let memcached = MemcachedStore::connect("memcached://localhost/").unwrap();
        let stores = [
            AnyStore::new(redis.with_layout(CacheLayout::django())),
            AnyStore::new(SpyStore::new(FailingStore::new(
                memcached.with_layout(CacheLayout::django()),
            ))),
            AnyStore::new(cached.with_django(PickleCodec::new(Limits::default()))),
        ];
        let build = |store: AnyStore, storage| {
            let codec = codec(SECRET_KEY, Limits::default());
            SessionManager::builder(store, codec).with_settings(settings(storage)).build().err()
        };
        for store in stores {
            for storage in [KeyStorage::Hashed, KeyStorage::MovingToHashed] {
                let refused = Some(SettingsError::HashedKeysInDjangoLayout);
                assert_eq!(build(store.clone(), storage), refused);
            }
            assert_eq!(build(store, KeyStorage::Plain), None);
        }
        assert_eq!(build(AnyStore::new(MemoryStore::default()), KeyStorage::Hashed), None);
    })
    .await;
}
