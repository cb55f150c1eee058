//! The contract of a store.

use std::future::Future;

use super::{Created, Cursor, Cycled, Swapped, Swept, Touched};
use crate::{Loaded, SessionDict, SessionRecord, StoreError, StoredKey, Timestamp, Version, Write};

/// Keeps the records of sessions.
///
/// The contract, which `lodger-testing` publishes as a suite of tests:
///
/// 1. A record is live while its `expire_date` is after `now`. An expired record is absent to
///    `load`, `swap`, `touch` and `cycle`; it may still hold its key against `create`.
/// 2. `load` never creates, changes or deletes anything.
/// 3. `create` never overwrites.
/// 4. `swap`, `touch` and `cycle` write only if the stored version is the one given and the record
///    is live; what they find otherwise they report, and write nothing. They never bring back what
///    is absent.
/// 5. Of concurrent writes that state the same version, one at most succeeds, unless it wrote the
///    very same data.
/// 6. After `cycle` the old key is dead and the new one live, with no moment at which both can be
///    used by a visitor.
/// 7. `delete` is idempotent; once it has returned, no load finds the record and no write brings it
///    back, in any process.
/// 8. `clear_expired` removes only records whose `expire_date` is before `now`, at most `limit` in a
///    batch, and says where to go on. A store whose server ends records by itself removes none.
/// 9. An expected race is an outcome; an error means that the store failed. `Unavailable`: surely
///    nothing was applied; `Unknown`: it may have been. Errors carry no key and no data.
/// 10. Every method may be dropped at any await: what it wrote then is the old value or the new.
/// 11. Keys compare exactly: case, accents and blanks at the end count.
/// 12. What `load_for_write` finds has a version.
pub trait SessionStore: Send + Sync + 'static {
    /// Whether sessions lie here as a Django finds them, by their keys, so that keys cannot be hashed.
    ///
    /// For a store that has a layout of its own beside Django's. Where Django's is the only one, in a
    /// database or a folder, [`shared_with_django`](crate::Settings::shared_with_django) says it. A store
    /// over another one passes the question on.
    fn has_django_layout(&self) -> bool {
        false
    }

    /// The live record under a key; `None` for missing and expired.
    fn load(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Loaded>, StoreError>> + Send;

    /// As [`load`](Self::load), from where writes are decided: for a caller who is about to write and
    /// knows no version, or one that has moved.
    ///
    /// Only a store that may load from a copy, or without a version, does anything else here.
    fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<Option<Loaded>, StoreError>> + Send {
        self.load(key, now)
    }

    /// Stores a record under a key that nothing is kept under. `fields` are the decoded data.
    fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> impl Future<Output = Result<Created, StoreError>> + Send;

    /// Replaces the live record of this version.
    fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> impl Future<Output = Result<Swapped, StoreError>> + Send;

    /// Moves the expiry of the live record of this version and leaves its data alone.
    fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> impl Future<Output = Result<Touched, StoreError>> + Send;

    /// Replaces the live record of this version by one under a new key.
    fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> impl Future<Output = Result<Cycled, StoreError>> + Send;

    /// Removes the record under a key, live or expired; whether there was one.
    fn delete(&self, key: &StoredKey) -> impl Future<Output = Result<bool, StoreError>> + Send;

    /// Removes up to `limit` expired records, from `cursor` on.
    fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> impl Future<Output = Result<Swept, StoreError>> + Send;
}
