//! The one door to the time.

use std::time::SystemTime;

use crate::Timestamp;

/// Tells what time it is.
///
/// Everything in Lodger that depends on the time asks a `Clock` or is given `now`, so that a test
/// can hold time still or move it.
pub trait Clock: Send + Sync + 'static {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// The clock of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::from(SystemTime::now())
    }
}
