//! A cache that is being checked.

use std::sync::Arc;
use std::time::Duration;

use lodger_core::{
    Cached, Clock, SessionCache, SessionData, SessionRecord, Span, StoredKey, SystemClock,
    Timestamp, Version,
};

use crate::contract::{Checked, Violation};

/// How long an entry is kept that is not to end during a check.
pub(super) const LONG: Duration = Duration::from_secs(3600);

/// A cache that is being checked, and what it is able to. Clones share the cache.
pub struct Subject<C> {
    cache: Arc<C>,
    keeps_dates: bool,
    expire_date: Timestamp,
}

impl<C> Clone for Subject<C> {
    fn clone(&self) -> Self {
        Self { cache: Arc::clone(&self.cache), ..*self }
    }
}

impl<C: SessionCache> Subject<C> {
    /// An empty cache that keeps the `expire_date` of a record.
    #[must_use]
    pub fn new(cache: C) -> Self {
        Self::shared(Arc::new(cache))
    }

    /// As [`new`](Self::new), for a cache that somebody else holds too.
    #[must_use]
    pub fn shared(cache: Arc<C>) -> Self {
        let expire_date = SystemClock.now() + Span::from_secs(7200);
        Self { cache, keeps_dates: true, expire_date }
    }

    /// Keeps a record without its `expire_date`, as Django's caches do.
    #[must_use]
    pub fn without_dates(self) -> Self {
        Self { keeps_dates: false, ..self }
    }

    /// The cache.
    #[must_use]
    pub fn cache(&self) -> &C {
        &self.cache
    }

    /// A record that ends long after the check.
    pub(super) fn record(&self, key: &StoredKey, data: &str) -> SessionRecord {
        self.record_of(key, SessionData::from_text(data))
    }

    /// The same with data that need be no text.
    pub(super) fn record_of(&self, key: &StoredKey, session_data: SessionData) -> SessionRecord {
        SessionRecord { session_key: key.clone(), session_data, expire_date: self.expire_date }
    }

    /// What is there.
    pub(super) async fn get(&self, key: &StoredKey) -> Result<Cached, Violation> {
        Ok(self.cache.get(key, SystemClock.now()).await?)
    }

    /// Takes a lease for long.
    pub(super) async fn lease(&self, key: &StoredKey) -> Result<Version, Violation> {
        let taken = self.cache.add_lease(key, LONG).await?;
        taken.ok_or_else(|| Violation::new(2, "no lease was taken where nothing is kept"))
    }

    /// Swaps a record in for long; whether it did.
    pub(super) async fn swap(
        &self,
        version: &Version,
        key: &StoredKey,
        data: &str,
    ) -> Result<bool, Violation> {
        Ok(self.cache.swap(version, self.record(key, data), LONG).await?)
    }

    /// Fills an empty place for long, and gives the version of the record.
    pub(super) async fn fill(&self, key: &StoredKey, data: &str) -> Result<Version, Violation> {
        let lease = self.lease(key).await?;
        if !self.swap(&lease, key, data).await? {
            return Err(Violation::new(3, "a swap of the lease that is there was refused"));
        }
        self.expect_record(3, key, data).await
    }

    /// Proves that exactly this record is there, and gives its version.
    pub(super) async fn expect_record(
        &self,
        rule: u8,
        key: &StoredKey,
        data: &str,
    ) -> Result<Version, Violation> {
        let (record, version) = match self.get(key).await? {
            Cached::Record(record, version) => (record, version),
            other => return Err(Violation::new(rule, format!("a record became {}", name(&other)))),
        };
        if self.holds(&record, key, data) {
            Ok(version)
        } else if record.session_key != *key {
            Err(Violation::new(7, "another key's record was found"))
        } else if record.session_data.as_bytes() != data.as_bytes() {
            Err(Violation::new(rule, "the data of a record changed"))
        } else {
            Err(Violation::new(rule, "the expire_date of a record changed"))
        }
    }

    /// Whether a record is exactly this one.
    pub(super) fn holds(&self, record: &SessionRecord, key: &StoredKey, data: &str) -> bool {
        let expected = self.record(key, data);
        record.session_key == expected.session_key
            && record.session_data == expected.session_data
            && (record.expire_date == expected.expire_date || !self.keeps_dates)
    }

    /// Proves that nothing is there.
    pub(super) async fn expect_absent(&self, rule: u8, key: &StoredKey) -> Checked {
        match self.get(key).await? {
            Cached::Absent => Ok(()),
            other => Err(Violation::new(rule, format!("{} where nothing may be", name(&other)))),
        }
    }

    /// Proves that a lease is there.
    pub(super) async fn expect_lease(&self, rule: u8, key: &StoredKey) -> Checked {
        match self.get(key).await? {
            Cached::Lease => Ok(()),
            other => Err(Violation::new(rule, format!("a lease became {}", name(&other)))),
        }
    }

    /// Proves that a tombstone is there.
    pub(super) async fn expect_tombstone(&self, rule: u8, key: &StoredKey) -> Checked {
        match self.get(key).await? {
            Cached::Tombstone => Ok(()),
            other => Err(Violation::new(rule, format!("a tombstone became {}", name(&other)))),
        }
    }

    /// Waits until nothing is there: a lifetime of a second or less, and the time that a cache takes
    /// which counts in seconds.
    pub(super) async fn expect_absent_soon(&self, rule: u8, key: &StoredKey) -> Checked {
        for _ in 0..80 {
            if matches!(self.get(key).await?, Cached::Absent) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        self.expect_absent(rule, key).await
    }
}

/// A key of 32 characters that begins so. Its end is one to search a log for.
pub(super) fn key(start: &str) -> StoredKey {
    StoredKey::from(format!("{start:x<23}canarykey"))
}

fn name(cached: &Cached) -> &'static str {
    match cached {
        Cached::Absent => "nothing",
        Cached::Lease => "a lease",
        Cached::Tombstone => "a tombstone",
        Cached::Record(..) => "a record",
    }
}
