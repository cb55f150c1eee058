use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use chrono::DateTime;

/// A point of time, in microseconds since 1970: what the databases store.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Instant(i64);

const SECOND: f64 = 1_000_000.0;

impl Instant {
    pub(super) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("1970 is over");
        Self(i64::try_from(since.as_micros()).expect("far from the end of time"))
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let date = DateTime::parse_from_rfc3339(text)
            .with_context(|| format!("{text:?} is no date of RFC 3339"))?;
        Ok(Self(date.timestamp_micros()))
    }

    /// The instant so many seconds later.
    pub(super) fn plus(self, seconds: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, reason = "spans here are of weeks")]
        let micros = (seconds * SECOND) as i64;
        Self(self.0 + micros)
    }

    /// Seconds from another instant to this one.
    pub(super) fn since(self, other: Self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "spans here are of weeks")]
        let micros = (self.0 - other.0) as f64;
        micros / SECOND
    }
}

impl fmt::Debug for Instant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match DateTime::from_timestamp_micros(self.0) {
            Some(date) => write!(formatter, "{date:?}"),
            None => write!(formatter, "{} µs", self.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_as_it_is_read() {
        let text = "2026-01-01T00:00:00.250000Z";
        assert_eq!(Instant::parse(text).unwrap(), Instant(1_767_225_600_250_000));
        assert_eq!(format!("{:?}", Instant(1_767_225_600_250_001)), "2026-01-01T00:00:00.250001Z");
    }

    #[test]
    fn a_date_without_a_zone_is_refused() {
        assert!(Instant::parse("2026-01-01T00:00:00").is_err());
    }
}
