//! A store that is being checked.

use std::sync::Arc;
use std::time::Duration;

use lodger_core::{
    Clock, Created, SessionData, SessionDict, SessionRecord, SessionStore, Span, StoredKey,
    SystemClock, Timestamp, Version, Write,
};

use super::{Checked, Violation};

/// A store that is being checked, and what it is able to. Clones share the store.
///
/// ```
/// use lodger_backends::memory::MemoryStore;
/// use lodger_core::Span;
/// use lodger_testing::contract::Subject;
///
/// let subject = Subject::new(MemoryStore::default());
/// // A store that keeps whole seconds only says so.
/// let coarse = subject.clone().with_precision(Span::from_secs(1));
/// # let _ = coarse;
/// ```
pub struct Subject<S> {
    store: Arc<S>,
    precision: Span,
    last_date: Timestamp,
    clears: bool,
    now: Timestamp,
}

impl<S> Clone for Subject<S> {
    fn clone(&self) -> Self {
        let Self { store, precision, last_date, clears, now } = self;
        let (precision, last_date, clears, now) = (*precision, *last_date, *clears, *now);
        Self { store: Arc::clone(store), precision, last_date, clears, now }
    }
}

impl<S: SessionStore> Subject<S> {
    /// An empty store that keeps instants to the microsecond.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self::shared(Arc::new(store))
    }

    /// As [`new`](Self::new), for a store that somebody else holds too.
    #[must_use]
    pub fn shared(store: Arc<S>) -> Self {
        // The present, rather than a date in a book: a store may have a server that tidies up.
        Self {
            store,
            precision: Span::from_micros(1),
            last_date: Timestamp::MAX,
            clears: true,
            now: SystemClock.now(),
        }
    }

    /// Keeps instants only to so much.
    ///
    /// # Panics
    ///
    /// When it is no positive span.
    #[must_use]
    pub fn with_precision(self, precision: Span) -> Self {
        assert!(precision > Span::ZERO, "the precision of a store is a positive span");
        Self { precision, ..self }
    }

    /// Keeps dates up to this one only; a later one counts as this.
    #[must_use]
    pub fn with_last_date(self, last_date: Timestamp) -> Self {
        Self { last_date, ..self }
    }

    /// Has a server that ends records by itself, so that `clear_expired` removes nothing.
    #[must_use]
    pub fn without_clearing(self) -> Self {
        Self { clears: false, ..self }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What the checks take to be the present.
    pub(super) fn now(&self) -> Timestamp {
        self.now
    }

    /// The shortest span that the store tells apart.
    pub(super) fn precision(&self) -> Span {
        self.precision
    }

    /// The last date that the store keeps.
    pub(super) fn last_date(&self) -> Timestamp {
        self.last_date
    }

    /// How many of so many expired records `clear_expired` is to remove.
    pub(super) fn cleared(&self, expired: u64) -> u64 {
        if self.clears { expired } else { 0 }
    }

    /// An instant so many seconds from the present, as exact as the store can keep it.
    pub(super) fn after(&self, seconds: i64) -> Timestamp {
        let exact = (self.now + Span::from_secs(seconds)).as_micros();
        let precision = self.precision.as_micros();
        Timestamp::from_micros(exact.div_euclid(precision) * precision)
    }

    /// Creates a record that ends in an hour.
    pub(super) async fn put(&self, key: &StoredKey, data: &str) -> Checked {
        self.put_until(key, data, self.after(3600)).await
    }

    /// Creates a record.
    pub(super) async fn put_until(
        &self,
        key: &StoredKey,
        data: &str,
        expire_date: Timestamp,
    ) -> Checked {
        let (record, fields) = record(key, data, expire_date);
        match self.store.create(record, fields, self.now).await? {
            Created::Created(_) => Ok(()),
            Created::Taken => Err(Violation::new(3, "nothing was under a key that is taken")),
        }
    }

    /// Creates a record that ends in an hour, and gives its version.
    pub(super) async fn put_for_version(
        &self,
        key: &StoredKey,
        data: &str,
    ) -> Result<Version, Violation> {
        self.put(key, data).await?;
        self.version(key).await
    }

    /// The version of a live record.
    pub(super) async fn version(&self, key: &StoredKey) -> Result<Version, Violation> {
        let loaded = self.store.load_for_write(key, self.now).await?;
        let loaded = loaded.ok_or_else(|| Violation::new(1, "a live record was not found"))?;
        loaded.version.ok_or_else(|| Violation::new(12, "a load for a write gave no version"))
    }

    /// Data and end of the record that is live at the present.
    pub(super) async fn read(
        &self,
        key: &StoredKey,
    ) -> Result<Option<(String, Timestamp)>, Violation> {
        self.read_at(key, self.now).await
    }

    /// Data and end of the record that is live at an instant.
    pub(super) async fn read_at(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<(String, Timestamp)>, Violation> {
        let Some(loaded) = self.store.load(key, now).await? else { return Ok(None) };
        let text = loaded.record.session_data.as_text();
        let data = text.ok_or_else(|| Violation::new(2, "text came back as no text"))?.to_owned();
        if loaded.record.session_key != *key {
            return Err(Violation::new(11, "another key's record was loaded"));
        }
        // No data at all may count as a session without fields.
        let decoded = loaded.decoded.filter(|held| !(data.is_empty() && held.dict.is_empty()));
        if decoded.is_some_and(|held| held.dict != fields(&data)) {
            return Err(Violation::new(4, "the decoded data are not those of the record"));
        }
        Ok(Some((data, loaded.record.expire_date)))
    }

    /// Proves that exactly this is stored and live at the present.
    pub(super) async fn expect(
        &self,
        rule: u8,
        key: &StoredKey,
        data: &str,
        expire_date: Timestamp,
    ) -> Checked {
        match self.read(key).await? {
            Some(found) if found == (data.to_owned(), expire_date) => Ok(()),
            Some((found, _)) if found != data => Err(Violation::new(rule, "the data changed")),
            Some(_) => Err(Violation::new(rule, "the expire_date changed")),
            None => Err(Violation::new(rule, "the record disappeared")),
        }
    }

    /// Proves that nothing live is under a key.
    pub(super) async fn expect_absent(&self, rule: u8, key: &StoredKey) -> Checked {
        match self.read(key).await? {
            None => Ok(()),
            Some(_) => Err(Violation::new(rule, "a record is live where none may be")),
        }
    }

    /// The same within a moment, for what a dropped call may still be taking away.
    pub(super) async fn expect_absent_soon(&self, rule: u8, key: &StoredKey) -> Checked {
        for _ in 0..100 {
            if self.read(key).await?.is_none() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.expect_absent(rule, key).await
    }
}

/// A key of 32 characters that begins so. Its end is one to search a log for.
pub(super) fn key(start: &str) -> StoredKey {
    StoredKey::from(format!("{start:x<23}canarykey"))
}

/// What a swap is to put there.
pub(super) fn write(data: &str, expire_date: Timestamp) -> Write {
    Write { session_data: SessionData::from_text(data), expire_date, fields: fields(data) }
}

/// What a creation is to put there.
pub(super) fn record(
    key: &StoredKey,
    data: &str,
    expire_date: Timestamp,
) -> (SessionRecord, SessionDict) {
    let session_data = SessionData::from_text(data);
    (SessionRecord { session_key: key.clone(), session_data, expire_date }, fields(data))
}

/// Decoded data that tell which text they belong to.
fn fields(data: &str) -> SessionDict {
    let mut fields = SessionDict::new();
    fields.insert("data", data).expect("a text has a JSON form");
    fields
}
