//! Everything that a client or a store could make too large, and its bound.

use std::time::Duration;

/// The bounds; each is checked before memory is taken for what it bounds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of all `Cookie` headers together; beyond, no cookie is read. Default 64 KiB.
    pub cookie_header: usize,
    /// Bytes of our cookie's value; a longer one is no key. Default 4,096, what browsers keep.
    pub cookie_value: usize,
    /// Bytes of a key; a longer one is no key. Default 128. (SQL stores hold 40 characters.)
    pub key: usize,
    /// Bytes of the encoded data, read or written. Default 1 MiB.
    pub session_data: usize,
    /// Bytes of the data once inflated. Default 8 MiB.
    pub inflated: usize,
    /// Levels that the data may be nested. Default 1,000, about what Python can read.
    pub json_depth: usize,
    /// The time that one call to a store may take. Default 2 s.
    pub store_call: Duration,
    /// The time that a commit may take with all its attempts. Default 5 s.
    pub commit: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            cookie_header: 64 << 10,
            cookie_value: 4096,
            key: 128,
            session_data: 1 << 20,
            inflated: 8 << 20,
            json_depth: 1000,
            store_call: Duration::from_secs(2),
            commit: Duration::from_secs(5),
        }
    }
}
