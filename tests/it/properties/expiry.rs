//! When a session ends, against the rules reckoned in whole numbers.

use lodger_core::{DateStorage, Expiry, JsonText, SessionDict, Span, StoredExpiry, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::TestError;

use super::calendar::{FIRST, LAST, SECOND, iso, within};
use super::runner;

/// What stands under `_session_expiry`.
#[derive(Clone, Debug)]
enum Stored {
    Absent,
    Null,
    Bool(bool),
    Integer(i64),
    /// Microseconds, written as a float of seconds.
    Float(i64),
    /// An instant, and how it is written.
    Date(i64, Option<i128>),
}

impl Stored {
    fn json(&self) -> Option<String> {
        Some(match self {
            Self::Absent => return None,
            Self::Null => "null".into(),
            Self::Bool(truth) => truth.to_string(),
            Self::Integer(seconds) => seconds.to_string(),
            Self::Float(micros) => format!("{:?}", *micros as f64 / 1e6),
            Self::Date(micros, ahead) => format!("{:?}", iso((*micros).into(), *ahead)),
        })
    }

    /// Microseconds from the save to the end, where that slides.
    fn sliding(&self) -> Option<i128> {
        match *self {
            Self::Absent | Self::Null | Self::Date(..) => None,
            Self::Bool(truth) => Some(i128::from(truth) * SECOND),
            Self::Integer(seconds) => Some(i128::from(seconds) * SECOND),
            Self::Float(micros) => Some(micros.into()),
        }
        .filter(|span| *span != 0)
    }

    fn age(&self, now: i128, cookie_age: i128) -> i128 {
        match *self {
            Self::Date(at, _) => (i128::from(at) - now).div_euclid(SECOND) * SECOND,
            _ => self.sliding().unwrap_or(cookie_age),
        }
    }

    fn date(&self, now: i128, cookie_age: i128) -> i128 {
        match *self {
            Self::Date(at, _) => at.into(),
            _ => within(now + self.sliding().unwrap_or(cookie_age)),
        }
    }

    fn at_browser_close(&self, setting: bool) -> bool {
        match *self {
            Self::Absent | Self::Null => setting,
            Self::Bool(truth) => !truth,
            Self::Integer(seconds) => seconds == 0,
            Self::Float(micros) => micros == 0,
            Self::Date(..) => false,
        }
    }
}

/// Instants, mostly of our days, and those at the ends of the calendar, where a zone leads beyond.
fn instant() -> impl Strategy<Value = i64> {
    let day = 86_400 * SECOND as i64;
    prop_oneof![
        6 => 0..4_000_000_000_000_000_i64,
        2 => FIRST as i64 + day..LAST as i64 - day,
        1 => Just(1_700_000_000_000_000_i64),
    ]
}

fn stored() -> impl Strategy<Value = Stored> {
    prop_oneof![
        Just(Stored::Absent),
        Just(Stored::Null),
        any::<bool>().prop_map(Stored::Bool),
        prop_oneof![-100_000..100_000_i64, Just(0), any::<i32>().prop_map(i64::from), any::<i64>()]
            .prop_map(Stored::Integer),
        // Floats that tell microseconds apart.
        (-1_000_000_000_000_000..1_000_000_000_000_000_i64).prop_map(Stored::Float),
        (instant(), prop::option::of(-840..841_i128))
            .prop_map(|(at, ahead)| Stored::Date(at, ahead)),
    ]
}

fn of(stored: &Stored) -> StoredExpiry {
    let mut dict = SessionDict::new();
    if let Some(json) = stored.json() {
        dict.insert_json("_session_expiry", JsonText::parse(&json, 10).unwrap());
    }
    StoredExpiry::of(&dict, &DateStorage::Utc)
}

/// What the arithmetic on 64 bits stops at.
fn saturated(micros: i128) -> i128 {
    micros.clamp(i64::MIN.into(), i64::MAX.into())
}

/// Promise 8
#[test]
fn age_and_date_are_those_of_the_rules() {
    let cookie_age = prop_oneof![Just(1_209_600_i64), 1..100_000_000_i64];
    let cases = (stored(), instant(), cookie_age, any::<bool>());
    let result = runner(1).run(&cases, |(stored, now, cookie_age, setting)| {
        let expiry = of(&stored);
        let modification = Timestamp::from_micros(now);
        let age = Span::from_secs(cookie_age);
        let (now, cookie_age) = (i128::from(now), i128::from(cookie_age) * SECOND);
        prop_assert_eq!(
            i128::from(expiry.age(modification, age).as_micros()),
            saturated(stored.age(now, cookie_age))
        );
        prop_assert_eq!(
            i128::from(expiry.date(modification, age).as_micros()),
            stored.date(now, cookie_age)
        );
        prop_assert_eq!(expiry.at_browser_close(setting), stored.at_browser_close(setting));
        Ok(())
    });
    held(result);
}

/// What an application asks for is what is read back, whenever that is.
#[test]
fn what_was_asked_for_is_what_is_stored() {
    let asked = prop_oneof![
        (1..=i64::MAX / 2_000_000).prop_map(|secs| Expiry::Sliding(Span::from_secs(secs))),
        (-1_000_000_000_000_000..1_000_000_000_000_000_i64)
            .prop_map(|micros| Expiry::Sliding(Span::from_micros(micros))),
        any::<i64>().prop_map(|micros| Expiry::In(Span::from_micros(micros))),
        instant().prop_map(|at| Expiry::At(Timestamp::from_micros(at))),
        Just(Expiry::AtBrowserClose),
        Just(Expiry::Default),
    ];
    let cases = (asked, instant(), instant());
    let result = runner(1).run(&cases, |(asked, asked_at, saved_at)| {
        let mut dict = SessionDict::new();
        let asked_at_ = Timestamp::from_micros(asked_at);
        if let Some(json) = asked.to_json(asked_at_, &DateStorage::Utc) {
            dict.insert_json("_session_expiry", json);
        }
        let saved = Timestamp::from_micros(saved_at);
        let cookie_age = 1_209_600;
        let date = StoredExpiry::of(&dict, &DateStorage::Utc)
            .date(saved, Span::from_secs(cookie_age))
            .as_micros();
        let two_weeks = i128::from(cookie_age) * SECOND;
        let expected = match asked {
            Expiry::Sliding(span) if span == Span::ZERO => i128::from(saved_at) + two_weeks,
            Expiry::Sliding(span) => i128::from(saved_at) + i128::from(span.as_micros()),
            Expiry::In(span) => i128::from(asked_at) + i128::from(span.as_micros()),
            Expiry::At(at) => at.as_micros().into(),
            _ => i128::from(saved_at) + two_weeks,
        };
        prop_assert_eq!(i128::from(date), within(expected));
        Ok(())
    });
    held(result);
}

fn held<T: std::fmt::Debug>(result: Result<(), TestError<T>>) {
    result.unwrap_or_else(|failure| panic!("{failure}"));
}
