use std::fmt;

use crate::interop::engine::Engine;

/// With which engines a sentence makes no sense, and why; with all others it is tried.
pub(in crate::interop) type Scope = &'static [(Engine, Reason)];

/// Why a sentence makes no sense with an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::interop) enum Reason {
    NoTable,
    EndsByItself,
    NotSigned,
    HeldByTheBrowser,
    TooLarge,
    NeverEnds,
    NotLocked,
    Copied,
    /// Of a sentence about one engine alone.
    Particular,
}

use Engine::{CacheMemcached, CacheRedis, CachedDb, Db, File, SignedCookies};
use Reason::{
    Copied, EndsByItself, HeldByTheBrowser, NeverEnds, NoTable, NotLocked, NotSigned, Particular,
    TooLarge,
};

pub(super) const EVERYWHERE: Scope = &[];

pub(super) const TABLE: Scope =
    &[(CacheRedis, NoTable), (CacheMemcached, NoTable), (File, NoTable), (SignedCookies, NoTable)];

/// Rows whose date decides, and nothing else.
pub(super) const ROWS: Scope = &[
    (CacheRedis, EndsByItself),
    (CacheMemcached, EndsByItself),
    (CachedDb, Copied),
    (File, NoTable),
    (SignedCookies, NoTable),
];

/// A table from which expired rows are removed.
pub(super) const CLEARED: Scope = &[
    (CacheRedis, EndsByItself),
    (CacheMemcached, EndsByItself),
    (File, NoTable),
    (SignedCookies, NoTable),
];

pub(super) const SIGNED: Scope = &[(CacheRedis, NotSigned), (CacheMemcached, NotSigned)];

pub(super) const KEYS: Scope = &[(SignedCookies, HeldByTheBrowser)];

pub(super) const LARGE: Scope = &[(SignedCookies, TooLarge)];

/// What has to be replaced in one step, if it is the one that was read.
pub(super) const SWAPPED: Scope = &[(File, NotLocked), (SignedCookies, HeldByTheBrowser)];

/// Seconds that a session may live, each counted from the last write.
pub(super) const ENDING: Scope = &[(File, NeverEnds), (SignedCookies, HeldByTheBrowser)];

pub(super) const CACHES: Scope =
    &[(Db, Particular), (CachedDb, Particular), (File, Particular), (SignedCookies, Particular)];

pub(super) const FILES: Scope = &[
    (Db, Particular),
    (CacheRedis, Particular),
    (CacheMemcached, Particular),
    (CachedDb, Particular),
    (SignedCookies, Particular),
];

impl fmt::Display for Reason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoTable => "there is no table",
            Self::EndsByItself => "the server ends its entries by itself",
            Self::NotSigned => "a cache holds pickles, which nobody signs",
            Self::HeldByTheBrowser => "the browser holds the data, and an old cookie stays good",
            Self::TooLarge => "it is too much for a cookie",
            Self::NeverEnds => {
                "a file whose session lives a number of seconds never ends for Django"
            }
            Self::NotLocked => "Django locks no file that it replaces",
            Self::Copied => "the copy in the cache has an end of its own",
            Self::Particular => "it is about other engines",
        })
    }
}
