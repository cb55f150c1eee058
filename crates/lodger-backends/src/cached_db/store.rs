//! The store.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionCache, SessionCodec, SessionData, SessionDict,
    SessionRecord, SessionStore, StoreError, StoredKey, Swapped, Swept, Timestamp, Touched,
    Version, Write,
};
use lodger_entity::{SessionModel, session};

use super::copies::{Copies, Found};
use super::format::{Format, parts};
use super::rows::Rows;
use crate::db::DbStore;

/// Sessions in a table, with copies in a cache.
///
/// Reads cost one look into the cache; writes go to the database. The [module](super) tells how copies
/// are kept right. `codec` is the one that rows are written with: a copy that it cannot read is no copy.
///
/// # Security
///
/// While the cache cannot be reached, a deletion does not reach it either: a copy that it kept may be
/// served for as long as copies live, 60 seconds by default.
///
/// A copy is believed if the codec accepts it. Who can write to the cache can have an older copy of a
/// session shown, or another session's, but not saved: a save goes by the row.
///
/// # Django
///
/// The `cached_db` engine. To share its cache, give the cache `CacheLayout::django_cached_db()` and see
/// [`with_django`](Self::with_django).
///
/// ```
/// # #[cfg(all(feature = "memory", feature = "sqlite"))]
/// # async fn example(codec: lodger_codec::DjangoCodec) -> Result<(), Box<dyn std::error::Error>> {
/// use lodger_backends::cached_db::CachedDbStore;
/// use lodger_backends::db::DbStore;
/// use lodger_backends::memory::MemoryCache;
///
/// let database = DbStore::connect("sqlite://site.sqlite3").await?;
/// let store = CachedDbStore::new(MemoryCache::default(), database, codec);
/// # let _ = store;
/// # Ok(())
/// # }
/// ```
pub struct CachedDbStore<C, M: SessionModel = session::Entity>(Arc<Inner<C, DbStore<M>>>);

/// What the store does, over any rows.
pub(super) struct Inner<C, R> {
    pub(super) copies: Copies<C>,
    pub(super) format: Format,
    database: R,
    codec: Arc<dyn SessionCodec>,
    pub(super) verifies: bool,
    /// How long a write to the database may take.
    patience: Duration,
}

impl<C: SessionCache, M: SessionModel> CachedDbStore<C, M> {
    /// A cache in front of a database whose rows this codec reads and writes.
    pub fn new(cache: C, database: DbStore<M>, codec: impl SessionCodec) -> Self {
        Self(Arc::new(Inner::new(cache, database, codec)))
    }

    /// With copies as Django's `cached_db` keeps them, which `codec` reads and writes: pickles of the
    /// decoded data. A Django site may then share the cache and the table.
    ///
    /// Copies do not tell which row they are of, so that a request which reads and then changes reads
    /// the row, too. A copy is taken away by every write and never replaced.
    ///
    /// Django makes copies without a lease: one that is being made while a session is deleted here stays
    /// until it ends.
    #[must_use]
    pub fn with_django(self, codec: impl SessionCodec) -> Self {
        self.with(|inner| inner.format = Format::Decoded(Arc::new(codec)))
    }

    /// Asks the database at every read whether the session is still there, so that no copy outlives a
    /// deletion.
    #[must_use]
    pub fn verifying_revocation(self) -> Self {
        self.with(|inner| inner.verifies = true)
    }

    /// How long copies live; default 60 seconds. So long a copy may be out of date that the cache kept
    /// while it could not be reached.
    #[must_use]
    pub fn with_copies_for(self, lifetime: Duration) -> Self {
        self.with(|inner| inner.copies.times.copy = lifetime)
    }

    /// How long a call to the cache may take before the database is asked in its place; default 250
    /// milliseconds.
    #[must_use]
    pub fn with_cache_deadline(self, deadline: Duration) -> Self {
        self.with(|inner| inner.copies.times.call = deadline)
    }

    /// How long a write to the database may take, which goes on when its caller has gone; default 5
    /// seconds, the time of a whole commit. Then it is given up, its outcome unknown, and nobody makes a
    /// copy for ten seconds.
    #[must_use]
    pub fn with_write_deadline(self, deadline: Duration) -> Self {
        self.with(|inner| inner.patience = deadline)
    }

    /// The cache in front of the database.
    #[must_use]
    pub fn cache(&self) -> &C {
        self.0.copies.cache()
    }

    /// The database behind the cache.
    #[must_use]
    pub fn database(&self) -> &DbStore<M> {
        &self.0.database
    }

    fn with(mut self, change: impl FnOnce(&mut Inner<C, DbStore<M>>)) -> Self {
        let inner = Arc::get_mut(&mut self.0);
        change(inner.expect("nothing runs before the store is made"));
        self
    }

    /// Runs a write in a task of its own: a caller who goes away between the row and its copy would
    /// leave the copy out of date.
    async fn detached<T: Send + 'static>(
        &self,
        write: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        let interrupted = |_| Err(StoreError::unknown("the write was interrupted"));
        tokio::spawn(write).await.unwrap_or_else(interrupted)
    }
}

impl<C: SessionCache, R: Rows> Inner<C, R> {
    pub(super) fn new(cache: C, database: R, codec: impl SessionCodec) -> Self {
        Self {
            copies: Copies::new(cache),
            format: Format::Row,
            database,
            codec: Arc::new(codec),
            verifies: false,
            patience: Duration::from_secs(5),
        }
    }

    pub(super) async fn load(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        match self.copies.find(key, now).await {
            Found::Nothing => self.database.load(key, now).await,
            Found::Lease(lease) => self.load_and_copy(key, &lease, now).await,
            Found::Copy(copy, version) => {
                let copied = self.format.loaded(copy, version, &*self.codec, now);
                let trusted = match &copied {
                    Some(_) if self.verifies => self.database.is_live(key, now).await?,
                    copied => copied.is_some(),
                };
                if trusted {
                    return Ok(copied);
                }
                self.copies.invalidate(key).await;
                self.database.load(key, now).await
            }
        }
    }

    async fn load_and_copy(
        &self,
        key: &StoredKey,
        lease: &Version,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        let loaded = self.database.load(key, now).await?;
        let row = loaded.as_ref();
        match row.and_then(|row| self.format.copy(row, &*self.codec, now)) {
            Some(copy) => drop(self.copies.put(lease, copy, now).await),
            // Whoever comes with keys that nobody made is to leave nothing behind.
            None => self.copies.invalidate(key).await,
        }
        Ok(loaded)
    }

    pub(super) async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let (row, copy) = parts(version);
        let (session_data, expire_date) = (write.session_data.clone(), write.expire_date);
        let swapped = self.written(self.database.swap(key, row, write, now)).await;
        match swapped {
            Ok(Swapped::Swapped(_)) => {
                self.renew(key, copy, Some(session_data), expire_date, now).await;
            }
            _ => self.take_away(key, &swapped).await,
        }
        swapped
    }

    pub(super) async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let (row, copy) = parts(version);
        let touched = self.written(self.database.touch(key, row, expire_date, now)).await;
        match touched {
            Ok(Touched::Touched(_)) => {
                self.renew(key, copy, row.data().cloned(), expire_date, now).await;
            }
            _ => self.take_away(key, &touched).await,
        }
        touched
    }

    /// Waits for a write to the database, as nobody else may do any more.
    async fn written<T>(
        &self,
        write: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let late = |_| Err(StoreError::unknown("the database did not answer in time"));
        tokio::time::timeout(self.patience, write).await.unwrap_or_else(late)
    }

    /// Takes away the copy of a row that was not written, as far as that is known.
    async fn take_away<T>(&self, key: &StoredKey, outcome: &Result<T, StoreError>) {
        match outcome {
            // It may be written yet: nobody is to copy the row before.
            Err(StoreError::Unknown { .. }) => self.copies.bury(key).await,
            _ => self.copies.invalidate(key).await,
        }
    }

    /// After a write: puts the new copy in the place of the one that was loaded, or takes away
    /// whatever is there.
    async fn renew(
        &self,
        key: &StoredKey,
        copy: Option<&Version>,
        data: Option<SessionData>,
        expire_date: Timestamp,
        now: Timestamp,
    ) {
        if let (Some(copy), Some(session_data)) = (copy, data) {
            let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
            if self.copies.put(copy, record, now).await {
                return;
            }
        }
        self.copies.invalidate(key).await;
    }

    pub(super) async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.copies.bury(old).await;
        let cycled = self.database.cycle(old, parts(version).0, new, write, now);
        let cycled = self.written(cycled).await;
        if !matches!(cycled, Ok(Cycled::Moved(_) | Cycled::Taken)) {
            self.copies.bury(old).await;
        }
        cycled
    }

    pub(super) async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.copies.bury(key).await;
        let deleted = self.written(self.database.delete(key)).await;
        self.copies.bury(key).await;
        deleted
    }
}

impl<C: SessionCache, M: SessionModel> SessionStore for CachedDbStore<C, M> {
    fn has_django_layout(&self) -> bool {
        self.0.format.is_django()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.0.load(key, now).await
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        self.0.database.load_for_write(key, now).await
    }

    /// Makes no copy: the first read does.
    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.0.database.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let (inner, key, version) = (Arc::clone(&self.0), key.clone(), version.clone());
        self.detached(async move { inner.swap(&key, &version, write, now).await }).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let (inner, key, version) = (Arc::clone(&self.0), key.clone(), version.clone());
        self.detached(async move { inner.touch(&key, &version, expire_date, now).await }).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let (inner, old, new) = (Arc::clone(&self.0), old.clone(), new.clone());
        let version = version.clone();
        self.detached(async move { inner.cycle(&old, &version, &new, write, now).await }).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let (inner, key) = (Arc::clone(&self.0), key.clone());
        self.detached(async move { inner.delete(&key).await }).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.0.database.clear_expired(now, limit, cursor).await
    }
}
