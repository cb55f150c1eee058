//! What an application asks for.

use super::{DateStorage, iso};
use crate::{JsonText, Span, Timestamp};

/// What an application asks of a session's end.
///
/// # Django
///
/// The argument of `set_expiry`: none, a number, a `timedelta`, a `datetime`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expiry {
    /// As the settings say.
    Default,
    /// When the browser closes; the store keeps the session as long as the settings say.
    AtBrowserClose,
    /// So long after each save; negative: it has ended. Zero is [`AtBrowserClose`](Self::AtBrowserClose),
    /// as in Django.
    Sliding(Span),
    /// So long after now, however often it is saved.
    In(Span),
    /// At an instant.
    At(Timestamp),
}

impl Expiry {
    /// What is written into the field for it; `None`: the field is removed.
    #[must_use]
    pub fn to_json(self, now: Timestamp, storage: &DateStorage) -> Option<JsonText> {
        let date =
            |at| Some(JsonText::of(&iso::write(at, storage)).expect("a text has a JSON form"));
        match self {
            Self::Default => None,
            Self::AtBrowserClose => Some(number(Span::ZERO)),
            Self::Sliding(span) => Some(number(span)),
            Self::In(span) => date(now + span),
            Self::At(at) => date(at),
        }
    }
}

/// Whole seconds as an integer, which every Django reads, else a float.
fn number(span: Span) -> JsonText {
    let text = if span.as_micros() % 1_000_000 == 0 {
        JsonText::of(&span.whole_seconds())
    } else {
        JsonText::of(&(span.as_micros() as f64 / 1e6))
    };
    text.expect("a number has a JSON form")
}
