//! Dates and the arithmetic on them, once more and in whole numbers only.

/// The microseconds of a second.
pub(super) const SECOND: i128 = 1_000_000;

/// 0001-01-01T00:00:00 and 9999-12-31T23:59:59.999999, in microseconds since the epoch.
pub(super) const FIRST: i128 = -62_135_596_800 * SECOND;
pub(super) const LAST: i128 = 253_402_300_800 * SECOND - 1;

/// The instant, or the end of the calendar that it lies beyond.
pub(super) fn within(micros: i128) -> i128 {
    micros.clamp(FIRST, LAST)
}

/// Year, month and day of a number of days since the epoch, by counting.
fn civil(mut day: i128) -> (i128, i128, i128) {
    let is_leap = |year: i128| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    // From the first day of the year 1, in whole spans of 400 years at first.
    day += 719_162;
    let mut year = 1 + 400 * day.div_euclid(146_097);
    day = day.rem_euclid(146_097);
    while day >= 365 + i128::from(is_leap(year)) {
        day -= 365 + i128::from(is_leap(year));
        year += 1;
    }
    let february = 28 + i128::from(is_leap(year));
    let mut month = 1;
    for days in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
        if day < days {
            break;
        }
        day -= days;
        month += 1;
    }
    (year, month, day + 1)
}

/// An instant as Python's `isoformat()` writes it, so many minutes ahead of UTC; `None`: without a
/// zone, in UTC.
pub(super) fn iso(micros: i128, ahead: Option<i128>) -> String {
    let local = micros + ahead.unwrap_or(0) * 60 * SECOND;
    let (year, month, day) = civil(local.div_euclid(86_400 * SECOND));
    let in_day = local.rem_euclid(86_400 * SECOND);
    let (second, fraction) = (in_day / SECOND, in_day % SECOND);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let fraction = if fraction == 0 { String::new() } else { format!(".{fraction:06}") };
    let zone = ahead.map_or(String::new(), |ahead| {
        let sign = if ahead < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", ahead.abs() / 60, ahead.abs() % 60)
    });
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}")
}

#[test]
fn dates_are_those_of_the_calendar() {
    assert_eq!(iso(0, None), "1970-01-01T00:00:00");
    assert_eq!(iso(FIRST, Some(0)), "0001-01-01T00:00:00+00:00");
    assert_eq!(iso(LAST, None), "9999-12-31T23:59:59.999999");
    assert_eq!(iso(951_782_400 * SECOND, None), "2000-02-29T00:00:00");
    assert_eq!(iso(1_700_000_000_123_456, Some(-360)), "2023-11-14T16:13:20.123456-06:00");
}
