//! What tests do to a store, in a word.

use lodger_backends::redis::RedisStore;
use lodger_core::{
    Clock, Created, Cycled, SessionData, SessionDict, SessionRecord, SessionStore, Span,
    StoreError, StoredKey, Swapped, SystemClock, Timestamp, Touched, Version, Write,
};

pub(crate) fn now() -> Timestamp {
    SystemClock.now()
}

/// A key of 32 characters that begins so.
pub(crate) fn key(start: &str) -> StoredKey {
    StoredKey::from(format!("{start:x<32}"))
}

pub(crate) fn write(data: &str) -> Write {
    Write {
        session_data: SessionData::from_text(data),
        expire_date: now() + Span::from_secs(3600),
        fields: SessionDict::new(),
    }
}

pub(crate) async fn create(
    store: &RedisStore,
    key: &StoredKey,
    data: &str,
) -> Result<Created, StoreError> {
    let Write { session_data, expire_date, fields } = write(data);
    let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
    store.create(record, fields, now()).await
}

/// Creates a record, and gives its version.
pub(crate) async fn put(store: &RedisStore, key: &StoredKey, data: &str) -> Version {
    match create(store, key, data).await.unwrap() {
        Created::Created(Some(version)) => version,
        other => panic!("{other:?}"),
    }
}

pub(crate) async fn read(
    store: &RedisStore,
    key: &StoredKey,
) -> Result<Option<String>, StoreError> {
    let loaded = store.load(key, now()).await?;
    Ok(loaded.map(|loaded| loaded.record.session_data.as_text().unwrap().to_owned()))
}

pub(crate) async fn swap(
    store: &RedisStore,
    key: &StoredKey,
    version: &Version,
    data: &str,
) -> Result<Swapped, StoreError> {
    SessionStore::swap(store, key, version, write(data), now()).await
}

pub(crate) async fn touch(
    store: &RedisStore,
    key: &StoredKey,
    version: &Version,
) -> Result<Touched, StoreError> {
    store.touch(key, version, now() + Span::from_secs(7200), now()).await
}

pub(crate) async fn cycle(
    store: &RedisStore,
    old: &StoredKey,
    version: &Version,
    new: &StoredKey,
) -> Result<Cycled, StoreError> {
    store.cycle(old, version, new, write("cycled"), now()).await
}

/// The errors of one call of each kind.
pub(crate) async fn errors_of_all(
    store: &RedisStore,
    key: &StoredKey,
    version: &Version,
) -> Vec<StoreError> {
    let new = self::key("new");
    vec![
        read(store, key).await.unwrap_err(),
        create(store, &new, "new").await.unwrap_err(),
        swap(store, key, version, "other").await.unwrap_err(),
        touch(store, key, version).await.unwrap_err(),
        cycle(store, key, version, &new).await.unwrap_err(),
        store.delete(key).await.unwrap_err(),
    ]
}

/// Proves that an error says that surely nothing was applied, and why.
#[track_caller]
pub(crate) fn assert_unavailable(error: &StoreError, part: &str) {
    assert!(matches!(error, StoreError::Unavailable { .. }), "{error}");
    assert!(error.to_string().contains(part), "{error}");
}
