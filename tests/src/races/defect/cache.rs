//! Caches in front of a database that forget half of their contract.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_backends::memory::MemoryCache;
use lodger_core::{Cached, SessionCache, SessionRecord, StoreError, StoredKey, Timestamp, Version};

/// A cache that no deletion reaches.
#[derive(Default)]
pub(super) struct ForgottenCache(MemoryCache);

impl SessionCache for ForgottenCache {
    async fn get(&self, key: &StoredKey, now: Timestamp) -> Result<Cached, StoreError> {
        self.0.get(key, now).await
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        self.0.add_lease(key, lifetime).await
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        self.0.swap(version, record, lifetime).await
    }

    async fn put_tombstone(&self, _: &StoredKey, _: Duration) -> Result<(), StoreError> {
        Ok(())
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        self.0.invalidate(key).await
    }
}

/// A cache that takes in whatever comes, however late, and knows neither leases nor tombstones.
#[derive(Default)]
pub(super) struct LeaselessCache(Mutex<HashMap<StoredKey, SessionRecord>>);

impl LeaselessCache {
    fn records(&self) -> MutexGuard<'_, HashMap<StoredKey, SessionRecord>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionCache for LeaselessCache {
    async fn get(&self, key: &StoredKey, _: Timestamp) -> Result<Cached, StoreError> {
        let record = self.records().get(key).cloned();
        Ok(record.map_or(Cached::Absent, |record| Cached::Record(record, Version::from_number(0))))
    }

    async fn add_lease(&self, _: &StoredKey, _: Duration) -> Result<Option<Version>, StoreError> {
        Ok(Some(Version::from_number(0)))
    }

    async fn swap(
        &self,
        _: &Version,
        record: SessionRecord,
        _: Duration,
    ) -> Result<bool, StoreError> {
        // The network between a read of the database and the copy.
        tokio::time::sleep(Duration::from_millis(2)).await;
        self.records().insert(record.session_key.clone(), record);
        Ok(true)
    }

    async fn put_tombstone(&self, key: &StoredKey, _: Duration) -> Result<(), StoreError> {
        self.records().remove(key);
        Ok(())
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        self.records().remove(key);
        Ok(())
    }
}
