//! A store that counts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

/// Passes every call on to a store and counts it. Clones are the same spy.
///
/// A call counts when it is made, whatever becomes of it.
///
/// ```
/// use lodger_backends::memory::MemoryStore;
/// use lodger_core::{SessionStore, StoredKey, Timestamp};
/// use lodger_testing::SpyStore;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), lodger_core::StoreError> {
/// let spy = SpyStore::new(MemoryStore::default());
/// let store = spy.clone(); // goes into a manager
/// spy.assert_untouched();
/// store.load(&StoredKey::from("unknown key".to_owned()), Timestamp::from_secs(0)).await?;
/// assert_eq!((spy.calls().load, spy.calls().total()), (1, 1));
/// spy.reset();
/// spy.assert_untouched();
/// # Ok(())
/// # }
/// ```
pub struct SpyStore<S> {
    store: Arc<S>,
    counters: Arc<Counters>,
}

/// How often each method was called.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Calls {
    /// Calls of `load` and `load_for_write`.
    pub load: u64,
    /// Calls of `create`.
    pub create: u64,
    /// Calls of `swap`.
    pub swap: u64,
    /// Calls of `touch`.
    pub touch: u64,
    /// Calls of `cycle`.
    pub cycle: u64,
    /// Calls of `delete`.
    pub delete: u64,
    /// Calls of `clear_expired`.
    pub clear_expired: u64,
}

impl Calls {
    /// All calls.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.load + self.writes()
    }

    /// All calls but the loads.
    #[must_use]
    pub const fn writes(&self) -> u64 {
        self.create + self.swap + self.touch + self.cycle + self.delete + self.clear_expired
    }
}

#[derive(Default)]
struct Counters {
    load: AtomicU64,
    create: AtomicU64,
    swap: AtomicU64,
    touch: AtomicU64,
    cycle: AtomicU64,
    delete: AtomicU64,
    clear_expired: AtomicU64,
}

impl<S> SpyStore<S> {
    /// Watches a store.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store: Arc::new(store), counters: Arc::default() }
    }

    /// The store, to be used unwatched.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What was counted since the start or the last [`reset`](Self::reset).
    #[must_use]
    pub fn calls(&self) -> Calls {
        let read = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let Counters { load, create, swap, touch, cycle, delete, clear_expired } = &*self.counters;
        Calls {
            load: read(load),
            create: read(create),
            swap: read(swap),
            touch: read(touch),
            cycle: read(cycle),
            delete: read(delete),
            clear_expired: read(clear_expired),
        }
    }

    /// Counts from zero again.
    pub fn reset(&self) {
        let Counters { load, create, swap, touch, cycle, delete, clear_expired } = &*self.counters;
        for counter in [load, create, swap, touch, cycle, delete, clear_expired] {
            counter.store(0, Ordering::SeqCst);
        }
    }

    /// Proves that nothing was asked of the store.
    ///
    /// # Panics
    ///
    /// When something was.
    #[track_caller]
    pub fn assert_untouched(&self) {
        assert_eq!(self.calls(), Calls::default(), "the store was to be left untouched");
    }
}

impl<S> Clone for SpyStore<S> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), counters: Arc::clone(&self.counters) }
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::SeqCst);
}

impl<S: SessionStore> SessionStore for SpyStore<S> {
    fn has_django_layout(&self) -> bool {
        self.store.has_django_layout()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        count(&self.counters.load);
        self.store.load(key, now).await
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        count(&self.counters.load);
        self.store.load_for_write(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        count(&self.counters.create);
        self.store.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        count(&self.counters.swap);
        self.store.swap(key, version, write, now).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        count(&self.counters.touch);
        self.store.touch(key, version, expire_date, now).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        count(&self.counters.cycle);
        self.store.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        count(&self.counters.delete);
        self.store.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        count(&self.counters.clear_expired);
        self.store.clear_expired(now, limit, cursor).await
    }
}
