//! The cache's side: whatever goes wrong here is logged and costs no session.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lodger_core::{
    Cached, SessionCache, SessionRecord, Span, StoreError, StoredKey, Timestamp, Version,
};
use tokio::time::Instant;

/// How long entries live, how long a call to the cache may take, and how long nobody looks into a cache
/// that could not be read.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) copy: Duration,
    pub(super) lease: Duration,
    pub(super) tombstone: Duration,
    pub(super) call: Duration,
    pub(super) rest: Duration,
}

impl Default for Times {
    fn default() -> Self {
        Self {
            copy: Duration::from_secs(60),
            lease: Duration::from_secs(2),
            // The deadline of a commit and a lease, and a little more.
            tombstone: Duration::from_secs(10),
            call: Duration::from_millis(250),
            rest: Duration::from_secs(1),
        }
    }
}

/// Copies of rows in a cache.
pub(super) struct Copies<C> {
    cache: C,
    pub(super) times: Times,
    failed_at: Mutex<Option<Instant>>,
}

/// What a look into the cache came to.
pub(super) enum Found {
    Copy(SessionRecord, Version),
    /// Nothing, and it is for us to fill.
    Lease(Version),
    /// Nothing that could be used, and nothing for us to fill.
    Nothing,
}

impl<C: SessionCache> Copies<C> {
    pub(super) fn new(cache: C) -> Self {
        Self { cache, times: Times::default(), failed_at: Mutex::new(None) }
    }

    pub(super) const fn cache(&self) -> &C {
        &self.cache
    }

    /// Looks for a copy, and takes a lease where nothing is.
    pub(super) async fn find(&self, key: &StoredKey, now: Timestamp) -> Found {
        if self.is_at_rest() {
            return Found::Nothing;
        }
        let Some(cached) = self.call("read from", self.cache.get(key, now)).await else {
            *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            return Found::Nothing;
        };
        match cached {
            Cached::Record(record, version) => Found::Copy(record, version),
            Cached::Absent => {
                let lease = self.cache.add_lease(key, self.times.lease);
                let lease = self.call("lease in", lease).await.flatten();
                lease.map_or(Found::Nothing, Found::Lease)
            }
            Cached::Lease | Cached::Tombstone => Found::Nothing,
        }
    }

    /// Puts a copy in the place of what has this version.
    pub(super) async fn put(
        &self,
        version: &Version,
        record: SessionRecord,
        now: Timestamp,
    ) -> bool {
        let left = (record.expire_date - now).max(Span::from_micros(1)).as_micros().unsigned_abs();
        let lifetime = self.times.copy.min(Duration::from_micros(left));
        self.call("save to", self.cache.swap(version, record, lifetime)).await.unwrap_or(false)
    }

    /// Removes a copy that may be out of date, and takes away the lease of whoever is about to make
    /// one.
    pub(super) async fn invalidate(&self, key: &StoredKey) {
        self.call("delete from", self.cache.invalidate(key)).await;
    }

    /// Lets nobody make a copy for a while.
    pub(super) async fn bury(&self, key: &StoredKey) {
        let tombstone = self.cache.put_tombstone(key, self.times.tombstone);
        if self.call("delete from", tombstone).await.is_none() {
            // A cache that is full takes nothing in, and still lets go of what it has.
            self.invalidate(key).await;
        }
    }

    /// # Django
    ///
    /// Its line "Error saving to cache" on the logger `django.contrib.sessions`.
    async fn call<T>(
        &self,
        what: &'static str,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Option<T> {
        let failure = match tokio::time::timeout(self.times.call, call).await {
            Ok(Ok(answer)) => return Some(answer),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("no answer within {:?}", self.times.call),
        };
        tracing::error!(target: "lodger.cache", %failure, "could not {what} the cache of sessions");
        None
    }

    fn is_at_rest(&self) -> bool {
        let failed_at = *self.failed_at.lock().unwrap_or_else(PoisonError::into_inner);
        failed_at.is_some_and(|failed_at| failed_at.elapsed() < self.times.rest)
    }
}
