//! Times that an application chooses, within what a clock can reckon with.

use std::time::Duration;

/// A time that no process lives: as good as for ever, and no moment so far away overflows.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// The time, or one that never passes if it is longer than that.
pub(crate) fn bounded(time: Duration) -> Duration {
    time.min(LONGEST)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn every_moment_that_is_so_far_away_can_be_reckoned_with() {
        let second = Duration::from_secs(1);
        assert_eq!(bounded(second), second);
        assert!(Instant::now().checked_add(Duration::MAX).is_none());
        // A deadline and the time for replicas after it.
        assert!(Instant::now() + bounded(Duration::MAX) + bounded(Duration::MAX) > Instant::now());
    }
}
