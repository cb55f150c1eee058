//! What a session's data say of its end, and the arithmetic on it.

use super::{DateStorage, EXPIRY_FIELD, iso};
use crate::{SessionDict, Span, Timestamp};

/// A session's own expiry as its data hold it.
///
/// # Django
///
/// What stands under `_session_expiry`; the methods are `get_expiry_age`, `get_expiry_date` and
/// `get_expire_at_browser_close`. A value that Django would fail on, such as a list or a text that
/// is no date, counts as none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoredExpiry {
    /// Nothing: as the settings say.
    Unset,
    /// A number of seconds after each save; zero: when the browser closes.
    Sliding(Span),
    /// An instant.
    At(Timestamp),
}

impl StoredExpiry {
    /// Reads it from the data; dates without a zone are meant as `storage` says.
    #[must_use]
    pub fn of(dict: &SessionDict, storage: &DateStorage) -> Self {
        let Some(value) = dict.get_json(EXPIRY_FIELD) else {
            return Self::Unset;
        };
        match value.as_str() {
            "true" => return Self::Sliding(Span::from_secs(1)),
            "false" => return Self::Sliding(Span::ZERO),
            _ => {}
        }
        if let Ok(seconds) = value.decode::<i64>() {
            return Self::Sliding(Span::from_secs(seconds));
        }
        if let Ok(seconds) = value.decode::<f64>() {
            return if seconds.is_nan() {
                Self::Unset
            } else {
                Self::Sliding(Span::from_secs_f64(seconds))
            };
        }
        let date = value.decode::<String>().ok().and_then(|text| iso::read(&text, storage));
        date.map_or(Self::Unset, Self::At)
    }

    /// How long after its save at `modification` the session lives; negative: it has ended. For an
    /// instant in whole seconds, rounded down.
    #[must_use]
    pub fn age(self, modification: Timestamp, cookie_age: Span) -> Span {
        match self {
            Self::Unset | Self::Sliding(Span::ZERO) => cookie_age,
            Self::Sliding(span) => span,
            Self::At(at) => Span::from_secs((at - modification).floor_seconds()),
        }
    }

    /// The instant from which on the session, saved at `modification`, is no more.
    #[must_use]
    pub fn date(self, modification: Timestamp, cookie_age: Span) -> Timestamp {
        match self {
            Self::At(at) => at,
            _ => modification + self.age(modification, cookie_age),
        }
    }

    /// Whether the browser is to forget the session when it closes; `setting` is what holds for
    /// sessions without an expiry of their own.
    #[must_use]
    pub fn at_browser_close(self, setting: bool) -> bool {
        match self {
            Self::Unset => setting,
            Self::Sliding(span) => span == Span::ZERO,
            Self::At(_) => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);
    const AGE: Span = Span::from_secs(1_209_600);

    fn stored(value: &str) -> StoredExpiry {
        let dict = SessionDict::parse(format!("{{\"_session_expiry\":{value}}}"), 10).unwrap();
        StoredExpiry::of(&dict, &DateStorage::Utc)
    }

    #[test]
    fn falsy_values_live_as_long_as_the_settings_say() {
        for value in ["null", "0", "0.0", "-0.0", "false", "\"\"", "[]", "{}", "NaN", "\"no date\""]
        {
            assert_eq!(stored(value).age(NOW, AGE), AGE, "{value}");
            assert_eq!(stored(value).date(NOW, AGE), NOW + AGE, "{value}");
        }
    }

    #[test]
    fn only_a_zero_ends_with_the_browser() {
        for value in ["0", "0.0", "false"] {
            assert!(stored(value).at_browser_close(false), "{value}");
        }
        for value in ["10", "-1", "true", "\"2023-11-15T00:00:00+00:00\""] {
            assert!(!stored(value).at_browser_close(true), "{value}");
        }
        assert!(stored("null").at_browser_close(true));
        assert!(!stored("null").at_browser_close(false));
    }

    #[test]
    fn a_date_rounds_its_age_down_and_keeps_its_instant() {
        let date = stored("\"2023-11-14T22:13:21+00:00\"");
        assert_eq!(date.age(NOW, AGE), Span::ZERO);
        assert_eq!(date.date(NOW, AGE), Timestamp::from_secs(1_700_000_001));
        assert_eq!(stored("\"2023-11-14T22:13:20+00:00\"").age(NOW, AGE), Span::from_secs(-1));
    }

    #[test]
    fn numbers_slide_with_each_save() {
        assert_eq!(stored("-60").age(NOW, AGE), Span::from_secs(-60));
        assert_eq!(stored("90.7").date(NOW, AGE), NOW + Span::from_micros(90_700_000));
        assert_eq!(stored("true").age(NOW, AGE), Span::from_secs(1));
        assert_eq!(stored("1e400").date(NOW, AGE), Timestamp::MAX);
        assert_eq!(stored("99999999999999999999999").date(NOW, AGE), Timestamp::MAX);
    }
}
