//! What a cache holds under a key.

use crate::{SessionRecord, Version};

/// What a cache holds under a key.
#[derive(Clone, Debug)]
pub enum Cached {
    /// Nothing.
    Absent,
    /// Somebody is about to fill it, or something else is there that is no record.
    Lease,
    /// What was there has been deleted, and nobody may fill it yet.
    Tombstone,
    /// A record, and what a swap of it must state.
    Record(SessionRecord, Version),
}
