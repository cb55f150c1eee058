//! The time zones of the IANA database.

use std::str::FromStr;

use chrono::{DateTime, Duration, MappedLocalTime, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use lodger_core::{Span, Timestamp, Zone};
use thiserror::Error;

/// A time zone of the IANA database, for sharing sessions with a Django that has `USE_TZ = False`.
///
/// # Django
///
/// The setting `TIME_ZONE`.
///
/// ```
/// use std::sync::Arc;
///
/// use lodger_backends::db::NamedZone;
/// use lodger_core::{DateStorage, Settings};
///
/// let mut settings = Settings::django();
/// settings.date_storage = DateStorage::Local(Arc::new(NamedZone::new("Europe/Berlin")?));
/// # Ok::<(), lodger_backends::db::UnknownZone>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct NamedZone(Tz);

/// No time zone has this name.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no time zone is called {name:?}")]
pub struct UnknownZone {
    name: String,
}

impl NamedZone {
    /// The zone of this name, such as `Europe/Berlin`.
    ///
    /// # Errors
    ///
    /// When there is no zone of this name.
    pub fn new(name: &str) -> Result<Self, UnknownZone> {
        Tz::from_str(name).map(Self).map_err(|_| UnknownZone { name: name.to_owned() })
    }

    fn offset_at(self, utc: NaiveDateTime) -> Span {
        Span::from_secs(i64::from(self.0.offset_from_utc_datetime(&utc).fix().local_minus_utc()))
    }
}

impl Zone for NamedZone {
    fn offset(&self, at: Timestamp) -> Span {
        self.offset_at(DateTime::<Utc>::from(at).naive_utc())
    }

    fn instant(&self, local: Timestamp) -> Timestamp {
        let naive = DateTime::<Utc>::from(local).naive_utc();
        let offset = match self.0.offset_from_local_datetime(&naive) {
            MappedLocalTime::Single(offset) | MappedLocalTime::Ambiguous(offset, _) => {
                Span::from_secs(i64::from(offset.fix().local_minus_utc()))
            }
            // The clock leapt over this date: count on with what held the day before.
            MappedLocalTime::None => {
                self.offset_at(naive.checked_sub_signed(Duration::days(1)).unwrap_or(naive))
            }
        };
        local - offset
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    /// 2023-03-26T00:30:00 UTC; the clock leaps from 02:00 to 03:00 half an hour later.
    const BEFORE_LEAP: Timestamp = Timestamp::from_secs(1_679_790_600);

    #[test]
    fn local_dates_go_there_and_back() {
        let berlin = NamedZone::new("Europe/Berlin").unwrap();
        assert_eq!(berlin.offset(BEFORE_LEAP), Span::from_secs(HOUR));
        for at in [BEFORE_LEAP, BEFORE_LEAP + Span::from_secs(HOUR)] {
            assert_eq!(berlin.instant(at + berlin.offset(at)), at);
        }
    }

    #[test]
    fn a_date_that_was_leapt_over_counts_on_and_of_two_the_earlier_is_meant() {
        let berlin = NamedZone::new("Europe/Berlin").unwrap();
        let leapt = BEFORE_LEAP + Span::from_secs(2 * HOUR);
        assert_eq!(berlin.instant(leapt), BEFORE_LEAP + Span::from_secs(HOUR));
        // 2023-10-29T02:30 stood on the clock twice, first at 00:30 UTC.
        let twice = Timestamp::from_secs(1_698_546_600);
        assert_eq!(berlin.instant(twice), twice - Span::from_secs(2 * HOUR));
    }

    #[test]
    fn a_zone_nobody_knows_is_refused() {
        assert!(NamedZone::new("Mars/Olympus").is_err());
    }
}
