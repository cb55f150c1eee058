//! The same as a cache in front of a database.

use std::time::Duration;

use lodger_core::{
    Cached, OsRng, Rng, SessionCache, SessionRecord, StoreError, StoredKey, Timestamp, Version,
};

use super::question::Verdict;
use super::script::{SPARE, SWAP};
use super::store::RedisStore;
use super::value::{millis, version};
use crate::cache_layout::Entry;

/// Give it [`CacheLayout::lodger_cached_db`](crate::cache_layout::CacheLayout::lodger_cached_db), or
/// [`django_cached_db`](crate::cache_layout::CacheLayout::django_cached_db).
impl SessionCache for RedisStore {
    async fn get(&self, key: &StoredKey, now: Timestamp) -> Result<Cached, StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(Cached::Absent) };
        let Some((value, end)) = self.read(&name, now).await? else { return Ok(Cached::Absent) };
        Ok(match self.layout.read(&value, end) {
            Entry::Lease => Cached::Lease,
            Entry::Tombstone => Cached::Tombstone,
            Entry::Record { session_data, expire_date } => {
                let session_key = key.clone();
                let record = SessionRecord { session_key, session_data, expire_date };
                Cached::Record(record, version(value))
            }
        })
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        // What no name can be made of is not cached.
        let Some(name) = self.layout.name(key) else { return Ok(None) };
        let mut random = [0; 8];
        OsRng
            .fill(&mut random)
            .map_err(|_| StoreError::unavailable("no randomness for a lease"))?;
        let lease = self.layout.lease(u64::from_ne_bytes(random));
        let added = self.set(&name, &lease, &millis(lifetime), Some("NX")).await?;
        Ok(added.then(|| version(lease)))
    }

    async fn swap(
        &self,
        stated: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let Some(name) = self.layout.name(&record.session_key) else { return Ok(false) };
        let Some(held) = stated.data() else { return Ok(false) };
        let value = self.layout.record(record.expire_date, &record.session_data);
        let arguments: [&[u8]; 3] = [held.as_bytes(), &value, &millis(lifetime)];
        Ok(self.write(&SWAP, &[&name], &arguments).await? == Verdict::Done)
    }

    async fn put_tombstone(&self, key: &StoredKey, lifetime: Duration) -> Result<(), StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(()) };
        self.set(&name, self.layout.tombstone(), &millis(lifetime), None).await.map(drop)
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        let Some(name) = self.layout.name(key) else { return Ok(()) };
        self.write(&SPARE, &[&name], &[self.layout.tombstone()]).await.map(drop)
    }
}
