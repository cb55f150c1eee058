//! What the store locks with, and how it finds the lock of a key.
//!
//! `cargo xtask schedules` sets `lodger_shuttle`: the order of the steps is then given by a schedule,
//! which can be tried again.

#[cfg(not(lodger_shuttle))]
pub(super) use std::hash::RandomState;
#[cfg(lodger_shuttle)]
use std::hash::{BuildHasherDefault, DefaultHasher};
#[cfg(not(lodger_shuttle))]
pub(super) use std::sync::atomic::{AtomicU64, Ordering};
#[cfg(not(lodger_shuttle))]
pub(super) use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(lodger_shuttle)]
pub(super) use shuttle::sync::atomic::{AtomicU64, Ordering};
#[cfg(lodger_shuttle)]
pub(super) use shuttle::sync::{Mutex, MutexGuard, PoisonError};

/// How many locks there are: enough that threads seldom meet at one. A schedule has two, so that some
/// keys meet at one and others do not.
pub(super) const SHARDS: usize = if cfg!(lodger_shuttle) { 2 } else { 64 };

/// In a schedule a key has the same lock in every run.
#[cfg(lodger_shuttle)]
pub(super) type RandomState = BuildHasherDefault<DefaultHasher>;
