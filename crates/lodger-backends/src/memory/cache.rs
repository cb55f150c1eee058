//! The cache.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lodger_core::{Cached, SessionCache, SessionRecord, StoreError, StoredKey, Timestamp, Version};
use quick_cache::unsync::Cache;

use crate::patience::bounded;

/// How many locks there are: enough that threads seldom meet at one.
const SHARDS: usize = 16;

/// Copies of sessions in the memory of this process, for the cache in front of a database.
///
/// It holds at most so many entries and drops those that are seldom used.
///
/// # Security
///
/// Other processes do not see what is deleted here. Where several share a database, a session that
/// one of them ended is read in the others until their copies end, unless the cached store verifies.
///
/// ```
/// use lodger_backends::memory::MemoryCache;
///
/// let cache = MemoryCache::with_capacity(10_000);
/// # let _ = cache;
/// ```
pub struct MemoryCache {
    shards: Vec<Mutex<Cache<StoredKey, Held>>>,
    hasher: RandomState,
    /// The last version given; one never comes back.
    version: AtomicU64,
}

struct Held {
    kept: Kept,
    version: u64,
    ends: Instant,
}

enum Kept {
    Lease,
    Tombstone,
    Record(SessionRecord),
}

impl Default for MemoryCache {
    /// Room for 100,000 sessions.
    fn default() -> Self {
        Self::with_capacity(100_000)
    }
}

impl MemoryCache {
    /// Room for about so many sessions.
    #[must_use]
    pub fn with_capacity(sessions: usize) -> Self {
        let shard = || Mutex::new(Cache::new(sessions.div_ceil(SHARDS).max(1)));
        Self {
            shards: (0..SHARDS).map(|_| shard()).collect(),
            hasher: RandomState::new(),
            version: AtomicU64::new(0),
        }
    }

    /// The shard of a key, without its entry if that has ended.
    fn shard(&self, key: &StoredKey) -> MutexGuard<'_, Cache<StoredKey, Held>> {
        let place = (self.hasher.hash_one(key) % SHARDS as u64) as usize;
        let mut shard = self.shards[place].lock().unwrap_or_else(PoisonError::into_inner);
        shard.remove_if(key, |held| held.ends <= Instant::now());
        shard
    }

    fn held(&self, kept: Kept, lifetime: Duration) -> Held {
        let version = self.version.fetch_add(1, Ordering::Relaxed) + 1;
        Held { kept, version, ends: Instant::now() + bounded(lifetime) }
    }
}

impl SessionCache for MemoryCache {
    async fn get(&self, key: &StoredKey, _: Timestamp) -> Result<Cached, StoreError> {
        Ok(match self.shard(key).get(key) {
            None => Cached::Absent,
            Some(Held { kept: Kept::Lease, .. }) => Cached::Lease,
            Some(Held { kept: Kept::Tombstone, .. }) => Cached::Tombstone,
            Some(Held { kept: Kept::Record(record), version, .. }) => {
                Cached::Record(record.clone(), Version::from_number(*version))
            }
        })
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        let mut shard = self.shard(key);
        if shard.contains_key(key) {
            return Ok(None);
        }
        let held = self.held(Kept::Lease, lifetime);
        let version = Version::from_number(held.version);
        shard.insert(key.clone(), held);
        Ok(Some(version))
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let key = record.session_key.clone();
        let mut shard = self.shard(&key);
        let stands = shard.peek(&key).is_some_and(|held| Some(held.version) == version.number());
        if stands {
            shard.insert(key, self.held(Kept::Record(record), lifetime));
        }
        Ok(stands)
    }

    async fn put_tombstone(&self, key: &StoredKey, lifetime: Duration) -> Result<(), StoreError> {
        self.shard(key).insert(key.clone(), self.held(Kept::Tombstone, lifetime));
        Ok(())
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        self.shard(key).remove_if(key, |held| !matches!(held.kept, Kept::Tombstone));
        Ok(())
    }
}
