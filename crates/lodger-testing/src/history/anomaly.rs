//! What a history shows that must not be.

use std::fmt;

use super::{Event, KeyDigest};

/// A kind of anomaly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Code {
    /// A lost update: what was acknowledged is not there any more.
    An1,
    /// A resurrection: what had ended is back.
    An2,
    /// A write to what had ended is acknowledged.
    An3,
    /// A stale read: it does not see what was acknowledged before, and a later one does.
    An4,
    /// A read sees what had ended, as from a copy.
    An5,
    /// One key is handed out twice.
    An6,
    /// The old key lives on after a change of key.
    An7,
    /// The new key is dead after a change of key.
    An8,
    /// What was acknowledged was never there.
    An9,
    /// A live session is reported as gone or empty.
    An10,
    /// A session outlives its deadline.
    An11,
    /// The data of another session are seen.
    An12,
    /// A response whose operation failed sets the cookie.
    An13,
    /// What failed for certain is seen.
    An14,
    /// No order of the operations explains what was seen.
    Order,
}

impl Code {
    /// All kinds.
    pub const ALL: [Self; 15] = [
        Self::An1,
        Self::An2,
        Self::An3,
        Self::An4,
        Self::An5,
        Self::An6,
        Self::An7,
        Self::An8,
        Self::An9,
        Self::An10,
        Self::An11,
        Self::An12,
        Self::An13,
        Self::An14,
        Self::Order,
    ];
}

/// `AN1` and so on; `ORDER` for operations that no order explains.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order => f.pad("ORDER"),
            _ => f.pad(&format!("{self:?}").to_uppercase()),
        }
    }
}

/// Something in a history that a promise rules out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anomaly {
    /// Its kind.
    pub code: Code,
    /// The key that it is about; none where the event has none.
    pub key: Option<KeyDigest>,
    /// The events that show it, in their order.
    pub events: Vec<Event>,
    /// What they show.
    pub sentence: String,
}

impl Anomaly {
    pub(super) fn new(code: Code, events: &[&Event], sentence: impl Into<String>) -> Self {
        let shown = events.last().expect("some event shows it");
        Self {
            code,
            key: shown.key.or(shown.new_key),
            events: events.iter().map(|event| (*event).clone()).collect(),
            sentence: sentence.into(),
        }
    }
}

impl fmt::Display for Anomaly {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.code)?;
        if let Some(key) = self.key {
            write!(f, " on key {key}")?;
        }
        write!(f, ": {}", self.sentence)
    }
}
