//! The contract of a cache.

use std::future::Future;
use std::time::Duration;

use super::Cached;
use crate::{SessionRecord, StoreError, StoredKey, Timestamp, Version};

/// Keeps copies of records for a while: what the cached store needs beside a database.
///
/// The contract, which `lodger-testing` publishes as a suite of tests:
///
/// 1. An entry may disappear at any time. Nothing that is gone comes back by itself.
/// 2. `add_lease` writes only where nothing is kept, and no two leases have the same version.
/// 3. `swap` writes only in the place of the very entry whose version is stated.
/// 4. After `put_tombstone`, whatever was there, the key holds a tombstone, which no `add_lease` and no
///    `invalidate` takes away.
/// 5. After `invalidate`, no record and no lease that was there before is: a swap that states it
///    writes nothing.
/// 6. Entries end by themselves after their lifetime.
/// 7. Keys compare exactly, and errors are those of a [`SessionStore`](crate::SessionStore).
/// 8. Every method may be dropped at any await.
///
/// # Django
///
/// In Django's format a tombstone and a lease are values that Django reads as a miss.
pub trait SessionCache: Send + Sync + 'static {
    /// What is kept under a key. Whether a record has expired is for the caller to see.
    fn get(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<Cached, StoreError>> + Send;

    /// Takes a lease where nothing is kept; `None`: something is.
    fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> impl Future<Output = Result<Option<Version>, StoreError>> + Send;

    /// Puts a record in the place of the entry of this version; whether it did.
    fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Puts a tombstone in the place of whatever is there.
    fn put_tombstone(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Removes a record or a lease, and leaves a tombstone.
    fn invalidate(&self, key: &StoredKey) -> impl Future<Output = Result<(), StoreError>> + Send;
}
