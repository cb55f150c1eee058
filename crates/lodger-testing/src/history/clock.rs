//! The clock of histories.

use rustix::time::{ClockId, clock_gettime};

/// Microseconds of the clock that all processes of this machine share and that nobody can set.
#[must_use]
pub fn monotonic_micros() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let micros = now.tv_sec * 1_000_000 + now.tv_nsec / 1000;
    u64::try_from(micros).expect("the clock began to count when the machine started")
}
