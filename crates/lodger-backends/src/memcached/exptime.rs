//! How long the server is to keep a value.

use std::time::Duration;

use lodger_core::{Span, Timestamp};

use crate::cache_layout::{CacheLayout, time_to_live};

/// The longest span that is sent as such; beyond it memcached takes the number for a date.
const LONGEST_SPAN: i64 = 30 * 86_400;
/// The server's word for "for ever".
const NEVER: i64 = 0;
/// The server's word for "no longer".
const AT_ONCE: i64 = -1;

/// For a record that ends at `expire_date`.
///
/// # Django
///
/// Its whole seconds, the fraction dropped. In Lodger's own layout the record tells its end, so the
/// server only must not be too early.
pub(super) fn of_record(
    layout: &CacheLayout,
    expire_date: Timestamp,
    now: Timestamp,
    clock: Timestamp,
) -> i64 {
    if !layout.is_django() {
        return at_least(time_to_live(expire_date, now), clock);
    }
    let seconds = (expire_date - now).floor_seconds();
    if seconds <= 0 { AT_ONCE } else { exptime(seconds, clock) }
}

/// For a value that is to be kept no shorter than this.
pub(super) fn at_least(lifetime: Duration, clock: Timestamp) -> i64 {
    // One more, since the server's clock ticks in whole seconds, and the next tick may be near.
    let seconds = lifetime.as_micros().div_ceil(1_000_000) + 1;
    exptime(i64::try_from(seconds).unwrap_or(i64::MAX), clock)
}

fn exptime(seconds: i64, clock: Timestamp) -> i64 {
    if seconds <= LONGEST_SPAN {
        return seconds;
    }
    let date = clock.as_secs().saturating_add(seconds);
    if i32::try_from(date).is_ok() { date } else { NEVER }
}

/// When a value ends that the server keeps for so many seconds more; `None`: for ever.
pub(super) fn end(left: Option<u32>, now: Timestamp) -> Timestamp {
    left.map_or(Timestamp::MAX, |seconds| now + Span::from_secs(i64::from(seconds)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLOCK: Timestamp = Timestamp::from_micros(1_800_000_000_900_000);
    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

    fn own(micros: i64) -> i64 {
        of_record(&CacheLayout::lodger(), NOW + Span::from_micros(micros), NOW, CLOCK)
    }

    fn django(micros: i64) -> i64 {
        of_record(&CacheLayout::django(), NOW + Span::from_micros(micros), NOW, CLOCK)
    }

    #[test]
    fn the_server_never_ends_a_record_of_our_own_early() {
        assert_eq!(own(-5_000_000), 2);
        assert_eq!(own(1), 2);
        assert_eq!(own(1_000_000), 2);
        assert_eq!(own(1_000_001), 3);
        assert_eq!(own(2_591_999_000_000), 2_592_000);
        // From here on it is a date.
        assert_eq!(own(2_591_999_000_001), 1_800_000_000 + 2_592_001);
    }

    #[test]
    fn djangos_records_live_for_whole_seconds() {
        assert_eq!(django(-5_000_000), -1);
        assert_eq!(django(999_999), -1);
        assert_eq!(django(1_000_000), 1);
        assert_eq!(django(300_999_999), 300);
        assert_eq!(django(2_592_000_000_000), 2_592_000);
        assert_eq!(django(2_592_001_000_000), 1_800_000_000 + 2_592_001);
    }

    #[test]
    fn a_date_of_more_than_31_bits_is_for_ever() {
        let last = i64::from(i32::MAX) - 1_800_000_000;
        assert_eq!(django(last * 1_000_000), i64::from(i32::MAX));
        assert_eq!(django((last + 1) * 1_000_000), 0);
        let ever = of_record(&CacheLayout::lodger(), Timestamp::MAX, Timestamp::MIN, CLOCK);
        assert_eq!(ever, 0);
        assert_eq!(at_least(Duration::MAX, CLOCK), 0);
    }

    #[test]
    fn what_is_kept_for_ever_has_no_end() {
        assert_eq!(end(None, NOW), Timestamp::MAX);
        assert_eq!(end(Some(60), NOW), NOW + Span::from_secs(60));
    }
}
