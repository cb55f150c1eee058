//! A store over which many work at once.

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};
use shuttle::future::yield_now;

/// The memory store, whose writes take their time, and which is told of two that are made under one
/// key at once.
#[derive(Clone, Default)]
pub(crate) struct BusyStore {
    store: Arc<MemoryStore>,
    /// Never locked while a schedule goes to another task.
    written: Arc<Mutex<HashSet<StoredKey>>>,
    panics: Arc<Mutex<bool>>,
}

impl BusyStore {
    /// The next swap panics.
    pub(crate) fn panic_once(&self) {
        *self.panics.lock().unwrap() = true;
    }

    /// Lets others go on before and after a write.
    async fn slowly<T>(&self, key: &StoredKey, write: impl Future<Output = T>) -> T {
        assert!(self.written.lock().unwrap().insert(key.clone()), "two workers for one key");
        yield_now().await;
        if std::mem::take(&mut *self.panics.lock().unwrap()) {
            self.written.lock().unwrap().remove(key);
            panic!("the store was told to");
        }
        let outcome = write.await;
        yield_now().await;
        self.written.lock().unwrap().remove(key);
        outcome
    }
}

impl SessionStore for BusyStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.store.load(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.store.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        self.slowly(key, self.store.swap(key, version, write, now)).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.slowly(key, self.store.touch(key, version, expire_date, now)).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.slowly(old, self.store.cycle(old, version, new, write, now)).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.store.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.store.clear_expired(now, limit, cursor).await
    }
}
