//! A cache that fails when it is told to.

use std::collections::HashMap;
use std::future::pending;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_backends::memory::MemoryCache;
use lodger_core::{
    Cached, SessionCache, SessionData, SessionRecord, StoreError, StoredKey, Timestamp, Version,
};
use tokio::sync::Semaphore;

/// A cache in memory that behaves as it is told to. Clones are the same cache.
#[derive(Clone, Default)]
pub struct MoodyCache(Arc<Inner>);

/// How a [`MoodyCache`] behaves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Mood {
    /// As a cache should.
    #[default]
    Well,
    /// Every call fails.
    Down,
    /// No call is answered.
    Hanging,
    /// Nothing is taken in; what is there can be read and removed.
    Full,
    /// What is put in comes back as something else.
    Poisoned(SessionData),
    /// Every fill waits until [`MoodyCache::let_fill`].
    FillsWait,
}

struct Inner {
    cache: Mutex<Arc<MemoryCache>>,
    mood: Mutex<Mood>,
    fills: Semaphore,
    calls: Mutex<HashMap<&'static str, u64>>,
}

impl Default for Inner {
    fn default() -> Self {
        Self {
            cache: Mutex::default(),
            mood: Mutex::default(),
            fills: Semaphore::new(0),
            calls: Mutex::default(),
        }
    }
}

impl MoodyCache {
    /// Behaves so from now on.
    pub fn set(&self, mood: Mood) {
        *lock(&self.0.mood) = mood;
    }

    /// Forgets everything.
    pub fn flush(&self) {
        *lock(&self.0.cache) = Arc::default();
    }

    /// Lets one fill that waits go on.
    pub fn let_fill(&self) {
        self.0.fills.add_permits(1);
    }

    /// How often a method was called.
    #[must_use]
    pub fn calls(&self, method: &str) -> u64 {
        lock(&self.0.calls).get(method).copied().unwrap_or(0)
    }

    fn cache(&self) -> Arc<MemoryCache> {
        Arc::clone(&lock(&self.0.cache))
    }

    /// Counts a call, and gives the mood that it meets.
    async fn enter(&self, method: &'static str) -> Result<Mood, StoreError> {
        *lock(&self.0.calls).entry(method).or_default() += 1;
        let mood = lock(&self.0.mood).clone();
        match mood {
            Mood::Down => Err(StoreError::unavailable("the cache is down")),
            Mood::Hanging => pending().await,
            mood => Ok(mood),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl SessionCache for MoodyCache {
    async fn get(&self, key: &StoredKey, now: Timestamp) -> Result<Cached, StoreError> {
        let mood = self.enter("get").await?;
        Ok(match (self.cache().get(key, now).await?, mood) {
            (Cached::Record(record, version), Mood::Poisoned(session_data)) => {
                Cached::Record(SessionRecord { session_data, ..record }, version)
            }
            (cached, _) => cached,
        })
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        if self.enter("add_lease").await? == Mood::Full {
            return Err(StoreError::unavailable("the cache is full"));
        }
        self.cache().add_lease(key, lifetime).await
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        match self.enter("swap").await? {
            Mood::Full => return Err(StoreError::unavailable("the cache is full")),
            Mood::FillsWait => self.0.fills.acquire().await.expect("it is never closed").forget(),
            _ => {}
        }
        self.cache().swap(version, record, lifetime).await
    }

    async fn put_tombstone(&self, key: &StoredKey, lifetime: Duration) -> Result<(), StoreError> {
        if self.enter("put_tombstone").await? == Mood::Full {
            return Err(StoreError::unavailable("the cache is full"));
        }
        self.cache().put_tombstone(key, lifetime).await
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        self.enter("invalidate").await?;
        self.cache().invalidate(key).await
    }
}
