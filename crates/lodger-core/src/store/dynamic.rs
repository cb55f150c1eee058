//! The contract as an object.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use super::{Created, Cursor, Cycled, SessionStore, Swapped, Swept, Touched};
use crate::{Loaded, SessionDict, SessionRecord, StoreError, StoredKey, Timestamp, Version, Write};

/// A future in a box.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// [`SessionStore`] as an object, for choosing a store at run time.
///
/// Every store is one, and [`AnyStore`] makes one a store again.
pub trait DynSessionStore: Send + Sync + 'static {
    /// [`SessionStore::has_django_layout`].
    fn has_django_layout(&self) -> bool;

    /// [`SessionStore::load`] in a box.
    fn load<'a>(
        &'a self,
        key: &'a StoredKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreError>>;

    /// [`SessionStore::load_for_write`] in a box.
    fn load_for_write<'a>(
        &'a self,
        key: &'a StoredKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreError>>;

    /// [`SessionStore::create`] in a box.
    fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> BoxFuture<'_, Result<Created, StoreError>>;

    /// [`SessionStore::swap`] in a box.
    fn swap<'a>(
        &'a self,
        key: &'a StoredKey,
        version: &'a Version,
        write: Write,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Swapped, StoreError>>;

    /// [`SessionStore::touch`] in a box.
    fn touch<'a>(
        &'a self,
        key: &'a StoredKey,
        version: &'a Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Touched, StoreError>>;

    /// [`SessionStore::cycle`] in a box.
    fn cycle<'a>(
        &'a self,
        old: &'a StoredKey,
        version: &'a Version,
        new: &'a StoredKey,
        write: Write,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Cycled, StoreError>>;

    /// [`SessionStore::delete`] in a box.
    fn delete<'a>(&'a self, key: &'a StoredKey) -> BoxFuture<'a, Result<bool, StoreError>>;

    /// [`SessionStore::clear_expired`] in a box.
    fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> BoxFuture<'_, Result<Swept, StoreError>>;
}

impl<S: SessionStore> DynSessionStore for S {
    fn has_django_layout(&self) -> bool {
        SessionStore::has_django_layout(self)
    }

    fn load<'a>(
        &'a self,
        key: &'a StoredKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreError>> {
        Box::pin(SessionStore::load(self, key, now))
    }

    fn load_for_write<'a>(
        &'a self,
        key: &'a StoredKey,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Option<Loaded>, StoreError>> {
        Box::pin(SessionStore::load_for_write(self, key, now))
    }

    fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> BoxFuture<'_, Result<Created, StoreError>> {
        Box::pin(SessionStore::create(self, record, fields, now))
    }

    fn swap<'a>(
        &'a self,
        key: &'a StoredKey,
        version: &'a Version,
        write: Write,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Swapped, StoreError>> {
        Box::pin(SessionStore::swap(self, key, version, write, now))
    }

    fn touch<'a>(
        &'a self,
        key: &'a StoredKey,
        version: &'a Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Touched, StoreError>> {
        Box::pin(SessionStore::touch(self, key, version, expire_date, now))
    }

    fn cycle<'a>(
        &'a self,
        old: &'a StoredKey,
        version: &'a Version,
        new: &'a StoredKey,
        write: Write,
        now: Timestamp,
    ) -> BoxFuture<'a, Result<Cycled, StoreError>> {
        Box::pin(SessionStore::cycle(self, old, version, new, write, now))
    }

    fn delete<'a>(&'a self, key: &'a StoredKey) -> BoxFuture<'a, Result<bool, StoreError>> {
        Box::pin(SessionStore::delete(self, key))
    }

    fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> BoxFuture<'_, Result<Swept, StoreError>> {
        Box::pin(SessionStore::clear_expired(self, now, limit, cursor))
    }
}

/// Any store, chosen at run time. Clones are the same store.
///
/// ```
/// # fn choose<A: lodger_core::SessionStore, B: lodger_core::SessionStore>(a: A, b: B, first: bool) {
/// use lodger_core::AnyStore;
///
/// let store = if first { AnyStore::new(a) } else { AnyStore::new(b) };
/// # }
/// ```
#[derive(Clone)]
pub struct AnyStore(Arc<dyn DynSessionStore>);

impl AnyStore {
    /// Takes in a store.
    #[must_use]
    pub fn new(store: impl SessionStore) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for AnyStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyStore")
    }
}

impl SessionStore for AnyStore {
    fn has_django_layout(&self) -> bool {
        self.0.has_django_layout()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.0.load(key, now).await
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        self.0.load_for_write(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.0.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        self.0.swap(key, version, write, now).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.0.touch(key, version, expire_date, now).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.0.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.0.clear_expired(now, limit, cursor).await
    }
}
