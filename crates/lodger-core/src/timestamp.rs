//! Instants and spans, in whole microseconds.

use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};

/// An instant, in microseconds since 1970-01-01T00:00:00 UTC.
///
/// Always between the years 1 and 9999, which is what Python and every database can write down;
/// arithmetic stops at these ends instead of overflowing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The earliest instant, 0001-01-01T00:00:00 UTC.
    pub const MIN: Self = Self(-62_135_596_800_000_000);
    /// The latest instant, 9999-12-31T23:59:59.999999 UTC.
    pub const MAX: Self = Self(253_402_300_799_999_999);

    /// The instant this many microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// The instant this many seconds after the epoch.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self::from_micros(secs.saturating_mul(1_000_000))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The same in the calendar's terms.
    pub(crate) fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0)
            .expect("the years 1 to 9999 are within chrono's range")
    }

    /// From the calendar's terms.
    pub(crate) const fn of_utc(date: DateTime<Utc>) -> Self {
        Self::from_micros(date.timestamp_micros())
    }

    /// Whole seconds since the epoch, rounded towards the past.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }
}

/// Prints the instant as RFC 3339 in UTC.
impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let date = self.to_utc();
        write!(f, "{}", date.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

impl Add<Span> for Timestamp {
    type Output = Self;

    fn add(self, span: Span) -> Self {
        Self::from_micros(self.0.saturating_add(span.0))
    }
}

impl Sub<Span> for Timestamp {
    type Output = Self;

    fn sub(self, span: Span) -> Self {
        Self::from_micros(self.0.saturating_sub(span.0))
    }
}

impl Sub for Timestamp {
    type Output = Span;

    fn sub(self, earlier: Self) -> Span {
        Span(self.0 - earlier.0)
    }
}

impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        match time.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => Self::from_micros(Span::from(after).0),
            Err(before) => Self::from_micros(-Span::from(before.duration()).0),
        }
    }
}

impl From<Timestamp> for SystemTime {
    fn from(at: Timestamp) -> Self {
        let span = Duration::from_micros(at.0.unsigned_abs());
        if at.0 < 0 { Self::UNIX_EPOCH - span } else { Self::UNIX_EPOCH + span }
    }
}

/// A signed span of time in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span(i64);

impl Span {
    /// No time at all.
    pub const ZERO: Self = Self(0);

    /// A span of this many microseconds.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// A span of this many seconds; stops at the ends of the range.
    #[must_use]
    pub const fn from_secs(secs: i64) -> Self {
        Self(secs.saturating_mul(1_000_000))
    }

    /// A span of this many seconds, rounded to the nearest microsecond, halves to even, as
    /// Python's `timedelta` rounds; stops at the ends of the range. `NaN` is no time at all.
    #[must_use]
    pub fn from_secs_f64(secs: f64) -> Self {
        // Whole and fraction apart, as Python does, so that large values keep their fraction.
        let whole = secs.trunc();
        let fraction = ((secs - whole) * 1e6).round_ties_even();
        let fraction = if fraction.is_nan() { 0.0 } else { fraction };
        Self((whole as i64).saturating_mul(1_000_000).saturating_add(fraction as i64))
    }

    /// The span in microseconds.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The whole seconds, the fraction dropped towards zero.
    #[must_use]
    pub const fn whole_seconds(self) -> i64 {
        self.0 / 1_000_000
    }

    /// The whole seconds, the fraction dropped towards minus infinity.
    #[must_use]
    pub const fn floor_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000)
    }

    /// The whole seconds, a fraction counting as one more.
    #[must_use]
    pub const fn ceil_seconds(self) -> i64 {
        self.0.div_euclid(1_000_000) + (self.0.rem_euclid(1_000_000) != 0) as i64
    }
}

impl From<Duration> for Span {
    fn from(duration: Duration) -> Self {
        Self(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arithmetic_stops_at_the_ends_of_the_calendar() {
        assert_eq!(Timestamp::MAX + Span::from_secs(i64::MAX), Timestamp::MAX);
        assert_eq!(Timestamp::from_secs(0) - Span::from_secs(i64::MAX), Timestamp::MIN);
    }

    #[test]
    fn seconds_before_the_epoch_round_towards_the_past() {
        assert_eq!(Timestamp::from_micros(-1).as_secs(), -1);
        assert_eq!(Span::from_micros(-1).whole_seconds(), 0);
        assert_eq!(Span::from_micros(-1).floor_seconds(), -1);
        assert_eq!([-1, 0, 1].map(|micros| Span::from_micros(micros).ceil_seconds()), [0, 0, 1]);
    }

    #[test]
    fn the_system_time_goes_both_ways() {
        for micros in [0, 1, -1, 1_700_000_000_123_456, -62_135_596_800_000_000] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(Timestamp::from(SystemTime::from(at)), at);
            assert_eq!(Timestamp::of_utc(at.to_utc()), at);
        }
    }

    #[test]
    fn fractions_of_a_microsecond_round_to_even() {
        assert_eq!(Span::from_secs_f64(90.7).as_micros(), 90_700_000);
        assert_eq!(Span::from_secs_f64(0.000_000_5).as_micros(), 0);
        assert_eq!(Span::from_secs_f64(0.000_001_5).as_micros(), 2);
        assert_eq!(Span::from_secs_f64(f64::NAN), Span::ZERO);
        assert_eq!(Span::from_secs_f64(f64::INFINITY).as_micros(), i64::MAX);
    }
}
