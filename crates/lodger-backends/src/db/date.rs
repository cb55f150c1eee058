//! `expire_date` as each database, and Django, writes it.

use chrono::{DateTime, NaiveDateTime, Utc};
use lodger_core::{DateStorage, Timestamp};
use sea_orm::{DbBackend, DbErr, QueryResult, Value};

/// 1000-01-01, the earliest date of MySQL's `datetime`.
const MYSQL_MIN: Timestamp = Timestamp::from_secs(-30_610_224_000);

/// The value for a date, in a row as in a comparison.
///
/// SQLite compares texts, so the text must be Django's to the letter: a blank between date and time,
/// no zone, six digits of fraction or none.
pub(super) fn bind(at: Timestamp, backend: DbBackend, storage: &DateStorage) -> Value {
    match backend {
        DbBackend::Postgres => DateTime::<Utc>::from(at).into(),
        DbBackend::MySql => naive(storage.naive(at).max(MYSQL_MIN)).into(),
        _ => text(storage.naive(at)).into(),
    }
}

/// Reads a date back.
pub(super) fn read(
    row: &QueryResult,
    column: &str,
    backend: DbBackend,
    storage: &DateStorage,
) -> Result<Timestamp, DbErr> {
    match backend {
        DbBackend::Postgres => row.try_get::<DateTime<Utc>>("", column).map(Timestamp::from),
        DbBackend::MySql => {
            let date: NaiveDateTime = row.try_get("", column)?;
            Ok(storage.instant(date.and_utc().into()))
        }
        _ => {
            let text: String = row.try_get("", column)?;
            Ok(parse(&text, storage))
        }
    }
}

fn naive(at: Timestamp) -> NaiveDateTime {
    DateTime::<Utc>::from(at).naive_utc()
}

fn text(at: Timestamp) -> String {
    let fraction = if at.as_micros() % 1_000_000 == 0 { "" } else { "%.6f" };
    naive(at).format(&format!("%Y-%m-%d %H:%M:%S{fraction}")).to_string()
}

/// Other programs write dates in forms of their own. One that is none at all is nothing to fail on:
/// the row was found live by its text, as Django finds it.
fn parse(text: &str, storage: &DateStorage) -> Timestamp {
    let blank = text.replacen('T', " ", 1);
    if let Ok(date) = NaiveDateTime::parse_from_str(&blank, "%Y-%m-%d %H:%M:%S%.f") {
        return storage.instant(date.and_utc().into());
    }
    DateTime::parse_from_rfc3339(&blank).map_or(Timestamp::MAX, |date| date.to_utc().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_gets_the_text_that_django_writes() {
        for (micros, written) in [
            (1_700_000_000_123_456, "2023-11-14 22:13:20.123456"),
            (1_700_000_000_000_000, "2023-11-14 22:13:20"),
            (1_700_000_000_100_000, "2023-11-14 22:13:20.100000"),
            (-1, "1969-12-31 23:59:59.999999"),
        ] {
            let at = Timestamp::from_micros(micros);
            assert_eq!(text(at), written);
            assert_eq!(parse(written, &DateStorage::Utc), at);
        }
        assert_eq!(text(Timestamp::MIN), "0001-01-01 00:00:00");
        assert_eq!(text(Timestamp::MAX), "9999-12-31 23:59:59.999999");
    }

    #[test]
    fn dates_that_others_wrote_are_read_and_nonsense_does_no_harm() {
        let at = Timestamp::from_secs(1_700_000_000);
        for written in
            ["2023-11-14T22:13:20Z", "2023-11-14 22:13:20+00:00", "2023-11-14T23:13:20+01:00"]
        {
            assert_eq!(parse(written, &DateStorage::Utc), at, "{written}");
        }
        assert_eq!(parse("next year", &DateStorage::Utc), Timestamp::MAX);
    }
}
