//! Dates as Python's `datetime.isoformat()` writes and `fromisoformat()` reads them.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

use super::DateStorage;
use crate::{Span, Timestamp};

/// Writes an instant as a peer with these settings expects it: in UTC with `+00:00`, or in local
/// time without a zone. Six digits of fraction or none; never `Z`, which Python reads from 3.11 on.
pub(super) fn write(at: Timestamp, storage: &DateStorage) -> String {
    let date = storage.naive(at).to_utc().naive_utc();
    let fraction = if at.as_micros() % 1_000_000 == 0 { "" } else { "%.6f" };
    let zone = if matches!(storage, DateStorage::Utc) { "+00:00" } else { "" };
    format!("{}{zone}", date.format(&format!("%Y-%m-%dT%H:%M:%S{fraction}")))
}

/// Reads a date; one without a zone is meant as the settings say.
pub(super) fn read(text: &str, storage: &DateStorage) -> Option<Timestamp> {
    let (date, rest) = text.split_at_checked(10)?;
    let [year, month, day] = [date.get(..4)?, date.get(5..7)?, date.get(8..)?].map(number);
    let dashed = date.get(4..5) == Some("-") && date.get(7..8) == Some("-") && year? > 0;
    let date = dashed.then_some(NaiveDate::from_ymd_opt(
        i32::try_from(year?).ok()?,
        u32::try_from(month?).ok()?,
        u32::try_from(day?).ok()?,
    ))??;
    let mut following = rest.chars();
    let (time, offset) = match following.next() {
        None => (NaiveTime::MIN, None),
        Some(_) => split_time(following.as_str())?,
    };
    let naive = Timestamp::of_utc(NaiveDateTime::new(date, time).and_utc());
    Some(match offset {
        Some(offset) => naive - offset,
        None => storage.instant(naive),
    })
}

/// `HH[:MM[:SS[.fraction]]]` and, if there is one, the zone after it.
fn split_time(text: &str) -> Option<(NaiveTime, Option<Span>)> {
    let zone_at = text.find(['+', '-', 'Z']).unwrap_or(text.len());
    let (time, zone) = text.split_at(zone_at);
    let micros = clock(time)?;
    let time = NaiveTime::from_num_seconds_from_midnight_opt(
        u32::try_from(micros / 1_000_000).ok()?,
        u32::try_from(micros % 1_000_000).ok()? * 1000,
    )?;
    let offset = match zone.split_at_checked(1) {
        None => None,
        Some(("Z", "")) => Some(Span::ZERO),
        Some(("+", ahead)) => Some(Span::from_micros(clock(ahead)?)),
        Some(("-", behind)) => Some(Span::from_micros(-clock(behind)?)),
        Some(_) => return None,
    };
    Some((time, offset))
}

/// Microseconds since midnight.
fn clock(text: &str) -> Option<i64> {
    let (text, fraction) = match text.split_once(['.', ',']) {
        Some((text, digits)) if text.len() >= 6 => (text, fraction(digits)?),
        Some(_) => return None,
        None => (text, 0),
    };
    let extended = text.contains(':');
    let mut parts = [0; 3];
    let mut rest = text;
    for (index, part) in parts.iter_mut().enumerate() {
        if rest.is_empty() && index > 0 {
            break;
        }
        if index > 0 && extended {
            rest = rest.strip_prefix(':')?;
        }
        let (digits, after) = rest.split_at_checked(2)?;
        *part = number(digits)?;
        rest = after;
    }
    let [hours, minutes, seconds] = parts;
    let valid = rest.is_empty() && hours < 24 && minutes < 60 && seconds < 60;
    valid.then_some((hours * 3600 + minutes * 60 + seconds) * 1_000_000 + fraction)
}

/// Microseconds from the digits after the point; more than six are cut off.
fn fraction(digits: &str) -> Option<i64> {
    number(digits)?;
    number(&format!("{:0<6}", &digits[..digits.len().min(6)]))
}

fn number(digits: &str) -> Option<i64> {
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits[..digits.len().min(18)].parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

    #[test]
    fn dates_are_written_as_isoformat_writes_them() {
        assert_eq!(write(AT, &DateStorage::Utc), "2023-11-14T22:13:20.123456+00:00");
        assert_eq!(
            write(Timestamp::from_secs(1_700_000_000), &DateStorage::Utc),
            "2023-11-14T22:13:20+00:00"
        );
        assert_eq!(write(Timestamp::MIN, &DateStorage::Utc), "0001-01-01T00:00:00+00:00");
    }

    #[test]
    fn dates_are_read_as_fromisoformat_reads_them() {
        let whole = Timestamp::from_secs(1_700_000_000);
        for (text, at) in [
            ("2023-11-14T22:13:20.123456+00:00", AT),
            ("2023-11-14 22:13:20.123456", AT),
            ("2023-11-14T22:13:20.123456789Z", AT),
            ("2023-11-14T22:13:20Z", whole),
            ("2023-11-14T23:43:20+01:30", whole),
            ("2023-11-14T17:13:20-05:00:00", whole),
            ("20", Timestamp::MIN),
        ] {
            assert_eq!(read(text, &DateStorage::Utc).unwrap_or(Timestamp::MIN), at, "{text}");
        }
        assert_eq!(
            read("2023-11-15", &DateStorage::Utc),
            Some(Timestamp::from_secs(1_700_006_400))
        );
        assert_eq!(
            read("2023-11-15T00", &DateStorage::Utc),
            Some(Timestamp::from_secs(1_700_006_400))
        );
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "soon",
            "2023-13-01",
            "2023-11-14T",
            "2023-11-14T25:00",
            "2023-11-14T22:60",
            "2023-11-14T22:1",
            "2023-11-14T22:13:20.",
            "2023-11-14T22:13:20.x",
            "2023-11-14T22:13:20+",
            "2023-11-14T22:13:20Zz",
            "2023-11-14T22:13:20+24:00",
            "2023-11-14é22:13:20x",
            "+2023-11-1",
            "0000-01-01",
            "2023é1101",
            "2023/11/14",
        ] {
            assert_eq!(read(text, &DateStorage::Utc), None, "{text}");
        }
    }
}
