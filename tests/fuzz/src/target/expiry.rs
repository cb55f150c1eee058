//! When sessions end.

use lodger_core::{DateStorage, Expiry, SessionDict, Span, StoredExpiry, Timestamp};

use crate::input::Input;

/// Choices: three instants and a span. The rest is what stands in a session for its end.
///
/// Reading it is total, the arithmetic stops at the ends of the calendar and is exact between them,
/// and what an application asks for is read back from what is written for it.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let now = Timestamp::from_micros(input.number());
    let at = Timestamp::from_micros(input.number());
    let (span, cookie_age) = (Span::from_micros(input.number()), Span::from_micros(input.number()));

    assert_eq!((now + span).as_micros(), clamped(now, i128::from(span.as_micros())));
    assert_eq!((now - span).as_micros(), clamped(now, -i128::from(span.as_micros())));
    assert_eq!(at + (now - at), now);

    let text = format!(r#"{{"_session_expiry":{}}}"#, input.text());
    if let Ok(dict) = SessionDict::parse(text, 20) {
        arithmetic(StoredExpiry::of(&dict, &DateStorage::Utc), now, cookie_age);
    }
    for asked in [Expiry::Default, Expiry::AtBrowserClose, Expiry::Sliding(span)] {
        arithmetic(written(asked, now), now, cookie_age);
    }
    assert_eq!(written(Expiry::Default, now), StoredExpiry::Unset);
    assert_eq!(written(Expiry::AtBrowserClose, now), StoredExpiry::Sliding(Span::ZERO));
    assert_eq!(written(Expiry::In(span), now), StoredExpiry::At(now + span));
    assert_eq!(written(Expiry::At(at), now), StoredExpiry::At(at));
    // A float holds so many microseconds exactly.
    if span.as_micros().unsigned_abs() < 1 << 52 || span.as_micros() % 1_000_000 == 0 {
        assert_eq!(written(Expiry::Sliding(span), now), StoredExpiry::Sliding(span));
    }
}

/// What is read of what is written for it.
fn written(asked: Expiry, now: Timestamp) -> StoredExpiry {
    let mut dict = SessionDict::new();
    if let Some(value) = asked.to_json(now, &DateStorage::Utc) {
        dict.insert_json("_session_expiry", value);
    }
    StoredExpiry::of(&dict, &DateStorage::Utc)
}

fn arithmetic(stored: StoredExpiry, now: Timestamp, cookie_age: Span) {
    let (age, date) = (stored.age(now, cookie_age), stored.date(now, cookie_age));
    match stored {
        StoredExpiry::At(at) => {
            assert_eq!(date, at);
            let left = i128::from(at.as_micros()) - i128::from(now.as_micros());
            assert_eq!(i128::from(age.floor_seconds()), left.div_euclid(1_000_000));
        }
        StoredExpiry::Sliding(span) if span != Span::ZERO => {
            assert_eq!(age, span);
            assert_eq!(date.as_micros(), clamped(now, i128::from(span.as_micros())));
        }
        _ => {
            assert_eq!(age, cookie_age);
            assert_eq!(date, now + cookie_age);
        }
    }
    let is_unset = stored == StoredExpiry::Unset;
    assert_eq!(stored.at_browser_close(true) != stored.at_browser_close(false), is_unset);
}

fn clamped(from: Timestamp, span: i128) -> i64 {
    let ends = [Timestamp::MIN, Timestamp::MAX].map(|end| i128::from(end.as_micros()));
    let micros = (i128::from(from.as_micros()) + span).clamp(ends[0], ends[1]);
    i64::try_from(micros).expect("the calendar lies within 64 bits")
}
