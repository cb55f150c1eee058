//! Locks, tasks and timers.
//!
//! They are the standard library's and tokio's. `cargo xtask schedules` sets `lodger_shuttle`: the
//! order of the steps is then given by a schedule, which can be tried again, and no time passes.

#[cfg(lodger_shuttle)]
mod scheduled;

#[cfg(not(lodger_shuttle))]
pub(crate) use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(lodger_shuttle)]
pub(crate) use scheduled::{Mutex, MutexGuard, PoisonError, sleep, spawn, timeout, yield_now};
#[cfg(not(lodger_shuttle))]
pub(crate) use tokio::task::{spawn, yield_now};
#[cfg(not(lodger_shuttle))]
pub(crate) use tokio::time::{sleep, timeout};
