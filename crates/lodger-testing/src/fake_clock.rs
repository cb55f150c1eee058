//! Time that stands still.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use lodger_core::{Clock, Span, Timestamp};

/// A clock that shows what it was set to. Clones show the same time.
///
/// ```
/// use lodger_core::{Clock, Span, Timestamp};
/// use lodger_testing::FakeClock;
///
/// let clock = FakeClock::at(Timestamp::from_secs(1_700_000_000));
/// let given_to_a_manager = clock.clone();
/// clock.advance(Span::from_secs(60));
/// assert_eq!(given_to_a_manager.now(), Timestamp::from_secs(1_700_000_060));
/// ```
#[derive(Clone, Debug)]
pub struct FakeClock {
    micros: Arc<AtomicI64>,
}

impl FakeClock {
    /// Shows this instant.
    #[must_use]
    pub fn at(now: Timestamp) -> Self {
        Self { micros: Arc::new(AtomicI64::new(now.as_micros())) }
    }

    /// Shows this instant from now on; clocks may also jump back.
    pub fn set(&self, now: Timestamp) {
        self.micros.store(now.as_micros(), Ordering::SeqCst);
    }

    /// Moves by a span, back if it is negative.
    pub fn advance(&self, span: Span) {
        self.set(self.now() + span);
    }
}

impl Default for FakeClock {
    /// 2023-11-14T22:13:20.123456 UTC: an instant with a fraction, so that nothing that rounds goes
    /// unnoticed.
    fn default() -> Self {
        Self::at(Timestamp::from_micros(1_700_000_000_123_456))
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.micros.load(Ordering::SeqCst))
    }
}
