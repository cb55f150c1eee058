//! The store.

use std::hash::BuildHasher;

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, Span, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

use super::shard::Shard;
use super::sync::{AtomicU64, Mutex, MutexGuard, Ordering, PoisonError, RandomState, SHARDS};

/// How long a full store rests between two sweeps.
const REST: Span = Span::from_secs(1);

/// Sessions in the memory of this process, at most so many.
///
/// When it is full it removes what has expired, and refuses new sessions if that does not help; it
/// never drops a live one.
///
/// # Django
///
/// The `cache` engine on a cache in local memory, though nothing is shared, evicted or pickled.
///
/// ```
/// use lodger_backends::memory::MemoryStore;
///
/// let store = MemoryStore::default();
/// let small = MemoryStore::with_capacity(10_000);
/// # let _ = (store, small);
/// ```
pub struct MemoryStore {
    shards: Vec<Mutex<Shard>>,
    hasher: RandomState,
    capacity: u64,
    /// How many records there are, live and expired.
    held: AtomicU64,
    /// The last version given; one never comes back.
    version: AtomicU64,
    swept_at: Mutex<Timestamp>,
}

impl Default for MemoryStore {
    /// Room for a million sessions.
    fn default() -> Self {
        Self::with_capacity(1_000_000)
    }
}

impl MemoryStore {
    /// Room for so many sessions.
    #[must_use]
    pub fn with_capacity(sessions: u64) -> Self {
        Self {
            shards: (0..SHARDS).map(|_| Mutex::default()).collect(),
            hasher: RandomState::default(),
            capacity: sessions,
            held: AtomicU64::new(0),
            version: AtomicU64::new(0),
            swept_at: Mutex::new(Timestamp::MIN),
        }
    }

    fn place(&self, key: &StoredKey) -> usize {
        (self.hasher.hash_one(key) % SHARDS as u64) as usize
    }

    fn shard(&self, key: &StoredKey) -> MutexGuard<'_, Shard> {
        lock(&self.shards[self.place(key)])
    }

    fn next_version(&self) -> u64 {
        self.version.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Takes room for one more record.
    fn reserve(&self, now: Timestamp) -> Result<(), StoreError> {
        let take = || {
            self.held.fetch_update(Ordering::AcqRel, Ordering::Acquire, |held| {
                (held < self.capacity).then(|| held + 1)
            })
        };
        if take().is_ok() {
            return Ok(());
        }
        self.sweep_if_rested(now);
        take().map(|_| ()).map_err(|_| {
            StoreError::unavailable(format!(
                "the memory store is full with {} sessions",
                self.capacity
            ))
        })
    }

    fn release(&self, records: u64) {
        self.held.fetch_sub(records, Ordering::AcqRel);
    }

    fn sweep_if_rested(&self, now: Timestamp) {
        let mut swept_at = lock(&self.swept_at);
        if now - *swept_at < REST && *swept_at <= now {
            return;
        }
        *swept_at = now;
        for shard in &self.shards {
            self.release(lock(shard).sweep(now, u64::MAX));
        }
    }

    /// Both shards of a change of key, locked in the order of their places, so that two changes
    /// never wait for each other. The second is `None` when it is the first.
    fn both(
        &self,
        old: &StoredKey,
        new: &StoredKey,
    ) -> (MutexGuard<'_, Shard>, Option<MutexGuard<'_, Shard>>) {
        let (from, to) = (self.place(old), self.place(new));
        if from == to {
            return (lock(&self.shards[from]), None);
        }
        let low = lock(&self.shards[from.min(to)]);
        let high = lock(&self.shards[from.max(to)]);
        if from < to { (low, Some(high)) } else { (high, Some(low)) }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SessionStore for MemoryStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        Ok(self.shard(key).load(key, now))
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.reserve(now)?;
        let version = self.next_version();
        let created = self.shard(&record.session_key.clone()).create(record, fields, now, version);
        if created == Created::Taken {
            self.release(1);
        }
        Ok(created)
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let mut shard = self.shard(key);
        if let Err(obstacle) = shard.check(key, version, now) {
            return Ok(obstacle.into());
        }
        let version = self.next_version();
        shard.replace(key, write, now, version);
        Ok(Swapped::Swapped(Some(Version::from_number(version))))
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let mut shard = self.shard(key);
        if let Err(obstacle) = shard.check(key, version, now) {
            return Ok(obstacle.into());
        }
        let version = self.next_version();
        shard.touch(key, expire_date, version);
        Ok(Touched::Touched(Some(Version::from_number(version))))
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let (mut from, mut to) = self.both(old, new);
        if let Err(obstacle) = from.check(old, version, now) {
            return Ok(obstacle.into());
        }
        if to.as_ref().unwrap_or(&from).contains(new) {
            return Ok(Cycled::Taken);
        }
        let version = self.next_version();
        from.remove(old);
        to.as_mut().unwrap_or(&mut from).replace(new, write, now, version);
        Ok(Cycled::Cycled(Some(Version::from_number(version))))
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let removed = self.shard(key).remove(key);
        self.release(u64::from(removed));
        Ok(removed)
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        let first = cursor.and_then(|cursor| cursor.position().parse().ok()).unwrap_or(0);
        let limit = limit.max(1);
        let mut deleted = 0;
        for (place, shard) in self.shards.iter().enumerate().skip(first) {
            let swept = lock(shard).sweep(now, limit - deleted);
            self.release(swept);
            deleted += swept;
            if deleted == limit {
                return Ok(Swept { deleted, next: Some(Cursor::new(place.to_string())) });
            }
        }
        Ok(Swept { deleted, next: None })
    }
}
