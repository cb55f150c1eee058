//! The same as a cache in front of a database.

use std::time::Duration;

use lodger_core::{
    Cached, Clock, OsRng, Rng, SessionCache, SessionRecord, StoreError, StoredKey, SystemClock,
    Timestamp, Version,
};

use super::client::{Removed, Written};
use super::command::Put;
use super::exptime;
use super::mark::Stated;
use super::store::{MemcachedStore, written};
use crate::cache_layout::Entry;

/// How often an entry is looked at again that others change while it is to be deleted.
const ATTEMPTS: u32 = 16;

/// Use [`CacheLayout::lodger_cached_db`](crate::cache_layout::CacheLayout::lodger_cached_db) or
/// [`CacheLayout::django_cached_db`](crate::cache_layout::CacheLayout::django_cached_db): a store and a
/// cache must not share names.
impl SessionCache for MemcachedStore {
    async fn get(&self, key: &StoredKey, now: Timestamp) -> Result<Cached, StoreError> {
        let Some(name) = self.name(key) else { return Ok(Cached::Absent) };
        let Some(item) = self.client.get(&name).await? else { return Ok(Cached::Absent) };
        Ok(match self.entry(&item, now) {
            // What somebody else put there is no record, and nobody may fill its place.
            None | Some(Entry::Lease) => Cached::Lease,
            Some(Entry::Tombstone) => Cached::Tombstone,
            Some(Entry::Record { session_data, expire_date }) => {
                let version = Stated { mark: item.mark, expire_date }.version();
                let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
                Cached::Record(record, version)
            }
        })
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        let Some(name) = self.name(key) else { return Ok(None) };
        let mut random = [0; 8];
        OsRng
            .fill(&mut random)
            .map_err(|_| StoreError::unavailable("the operating system gives no random numbers"))?;
        let value = self.layout.lease(u64::from_le_bytes(random));
        match self.client.add(&name, &self.kept(value, lifetime)).await? {
            // Whoever holds a lease may fill it while the server keeps it.
            Written::Stored(mark) => Ok(written(mark, Timestamp::MAX)),
            Written::Present | Written::Absent => Ok(None),
        }
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let Some(name) = self.name(&record.session_key) else { return Ok(false) };
        let Some(stated) = Stated::of(version) else { return Ok(false) };
        let value = self.layout.record(record.expire_date, &record.session_data);
        let put = self.kept(value, lifetime);
        let stored = self.client.replace(&name, stated.mark, &put).await?;
        Ok(matches!(stored, Written::Stored(_)))
    }

    async fn put_tombstone(&self, key: &StoredKey, lifetime: Duration) -> Result<(), StoreError> {
        // Under a name that nothing can have, nothing will ever be.
        let Some(name) = self.name(key) else { return Ok(()) };
        let put = self.kept(self.layout.tombstone().to_vec(), lifetime);
        self.client.set(&name, &put).await.map(|_| ())
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        let Some(name) = self.name(key) else { return Ok(()) };
        for _ in 0..ATTEMPTS {
            let Some(item) = self.client.get(&name).await? else { return Ok(()) };
            if self.entry(&item, Timestamp::MIN) == Some(Entry::Tombstone) {
                return Ok(());
            }
            if self.client.delete(&name, Some(item.mark)).await? != Removed::Moved {
                return Ok(());
            }
        }
        Err(StoreError::unavailable("the cache's entry changes too often to be deleted"))
    }
}

impl MemcachedStore {
    /// A value that is kept no shorter than this.
    fn kept(&self, value: Vec<u8>, lifetime: Duration) -> Put {
        let exptime = exptime::at_least(lifetime, SystemClock.now());
        Put { value, flags: self.flags(), exptime }
    }
}
