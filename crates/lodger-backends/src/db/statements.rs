//! The seam below the store: what is asked of the database, over owned data, many at once.
//!
//! Today each is asked singly ([`Direct`](super::direct::Direct)); what groups them later changes
//! nothing above this seam.

use std::future::Future;

use lodger_core::{SessionDict, StoreError, StoredKey, Timestamp};

/// Asks for the live row under a key.
pub(super) struct Load {
    pub(super) key: StoredKey,
    pub(super) now: Timestamp,
}

/// The row that was found.
pub(super) struct Found {
    pub(super) session_data: String,
    pub(super) expire_date: Timestamp,
}

/// A row to be written.
pub(super) struct Content {
    pub(super) key: StoredKey,
    pub(super) session_data: String,
    pub(super) expire_date: Timestamp,
    pub(super) fields: SessionDict,
}

/// Replaces the live row under `key` whose data are `version` by `content`, whose key is the same or
/// a fresh one.
pub(super) struct Swap {
    pub(super) key: StoredKey,
    pub(super) version: String,
    pub(super) content: Content,
    pub(super) now: Timestamp,
}

/// What became of a swap.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Replaced {
    Done,
    /// No such row.
    Unmatched,
    /// The fresh key is in use.
    Taken,
}

/// What the store asks. Each answer stands where its question stood.
pub(super) trait Statements: Send + Sync + 'static {
    fn load_many(
        &self,
        loads: Vec<Load>,
    ) -> impl Future<Output = Vec<Result<Option<Found>, StoreError>>> + Send;

    /// Whether each row was stored; false: its key is in use.
    fn create_many(
        &self,
        rows: Vec<Content>,
    ) -> impl Future<Output = Vec<Result<bool, StoreError>>> + Send;

    fn swap_many(
        &self,
        swaps: Vec<Swap>,
    ) -> impl Future<Output = Vec<Result<Replaced, StoreError>>> + Send;
}
