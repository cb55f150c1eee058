//! Records as these tests write them.

use lodger_backends::memcached::MemcachedStore;
use lodger_core::{
    Clock, Created, Loaded, SessionData, SessionDict, SessionRecord, SessionStore, Span,
    StoreError, StoredKey, SystemClock, Timestamp, Version, Write,
};

pub(super) fn now() -> Timestamp {
    SystemClock.now()
}

pub(super) fn in_an_hour() -> Timestamp {
    now() + Span::from_secs(3600)
}

/// A key of 32 characters that begins so.
pub(super) fn key(start: &str) -> StoredKey {
    StoredKey::from(format!("{start:x<32}"))
}

pub(super) fn record(key: &StoredKey, data: &str) -> SessionRecord {
    SessionRecord {
        session_key: key.clone(),
        session_data: SessionData::from_text(data),
        expire_date: in_an_hour(),
    }
}

pub(super) fn write(data: &str) -> Write {
    Write {
        session_data: SessionData::from_text(data),
        expire_date: in_an_hour(),
        fields: SessionDict::new(),
    }
}

/// Stores a record that ends in an hour.
pub(super) async fn create(
    store: &MemcachedStore,
    key: &StoredKey,
    data: &str,
) -> Result<Created, StoreError> {
    store.create(record(key, data), SessionDict::new(), now()).await
}

/// Stores a record and gives its version.
pub(super) async fn stored(store: &MemcachedStore, key: &StoredKey, data: &str) -> Version {
    match create(store, key, data).await.unwrap() {
        Created::Created(Some(version)) => version,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn load(
    store: &MemcachedStore,
    key: &StoredKey,
) -> Result<Option<Loaded>, StoreError> {
    store.load(key, now()).await
}

/// The data of a live record.
pub(super) async fn data(store: &MemcachedStore, key: &StoredKey) -> Option<String> {
    let loaded = load(store, key).await.unwrap()?;
    loaded.record.session_data.as_text().map(str::to_owned)
}

pub(super) fn is_unavailable<T>(result: &Result<T, StoreError>) -> bool {
    matches!(result, Err(StoreError::Unavailable { .. }))
}
