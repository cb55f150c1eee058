//! What is asked of one session at a time, and what comes of it, by whichever door.

use std::time::Duration;

use lodger_core::{
    Clock, CommitError, CookieValue, Expiry, Presented, Session, SessionKey, Span, SystemClock,
    Timestamp,
};
use lodger_testing::history::{Document, ErrorKind, Operation, Outcome, Seen, monotonic_micros};

/// The field that is a list of tags.
const TAGS: &str = "tags";
/// The field that increments add to.
const COUNTER: &str = "counter";

/// One operation, as a request asks for it.
#[derive(Clone, Debug)]
pub(super) struct Ask {
    pub(super) operation: Operation,
    pub(super) key: Option<SessionKey>,
    pub(super) tag: Option<String>,
    pub(super) field: Option<String>,
    pub(super) by: Option<i64>,
    pub(super) deadline: Option<Deadline>,
    /// How long it takes between the load and the change.
    pub(super) pause: Duration,
}

/// An instant by both clocks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    /// As a session is told.
    pub(super) date: Timestamp,
    /// As a history is.
    pub(super) micros: u64,
}

/// What was loaded, and when.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) invoked_at: u64,
    pub(super) completed_at: u64,
    pub(super) seen: Result<Seen, ErrorKind>,
    pub(super) version: Option<String>,
}

/// What came of a write, and when.
#[derive(Clone, Debug)]
pub(super) struct Deed {
    pub(super) invoked_at: u64,
    pub(super) completed_at: u64,
    pub(super) result: Result<(), ErrorKind>,
    pub(super) new_key: Option<SessionKey>,
}

/// What a request came to.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) look: Option<Look>,
    pub(super) deed: Option<Deed>,
    pub(super) set_cookie: Option<bool>,
}

impl Deadline {
    /// So long from now on.
    pub(super) fn after(milliseconds: i64) -> Self {
        loop {
            let before = monotonic_micros();
            let date = SystemClock.now() + Span::from_micros(milliseconds * 1000);
            let after = monotonic_micros();
            // Nothing may come between the two clocks.
            if after - before < 1000 {
                let micros = after + u64::try_from(milliseconds * 1000).unwrap_or(0);
                return Self { date, micros };
            }
        }
    }
}

impl Ask {
    pub(super) fn presented(&self) -> Presented {
        let value = self.key.as_ref().map(|key| Presented::Value(CookieValue::from(key)));
        value.unwrap_or(Presented::Absent)
    }

    /// Lets others come in between.
    pub(super) async fn pause(&self) {
        if !self.pause.is_zero() {
            tokio::time::sleep(self.pause).await;
        }
    }

    /// Looks at a session that was loaded from then on.
    pub(super) fn look(&self, session: &Session, invoked_at: u64) -> Look {
        let fields = session.fields();
        let seen = match session.session_key() {
            Some(_) => Seen::Live(document(&fields)),
            None => Seen::Absent,
        };
        let version = format!("{:016x}", digest(&fields.to_json()));
        let completed_at = monotonic_micros();
        Look { invoked_at, completed_at, seen: Ok(seen), version: Some(version) }
    }

    /// Whether there is anything to do after the look.
    pub(super) fn goes_on(&self, look: &Look) -> bool {
        let creates = self.operation == Operation::Create;
        creates || self.operation != Operation::Load && look.seen != Ok(Seen::Absent)
    }

    /// Does to the session what is asked for; it is stored with the response.
    pub(super) async fn perform(&self, session: &Session) -> Result<(), CommitError> {
        let edit = || {
            if let (Some(field), Some(tag)) = (&self.field, &self.tag) {
                session.insert(field, tag)?;
            }
            if let Some(deadline) = self.deadline {
                session.set_expiry(Expiry::At(deadline.date))?;
            }
            match (self.operation, self.tag.clone()) {
                (Operation::Increment, _) => {
                    session.increment(COUNTER, self.by.unwrap_or(1)).map(drop)?;
                }
                (Operation::Modify, Some(tag)) => {
                    let add = move |list: Option<Vec<String>>| {
                        let mut list = list.unwrap_or_default();
                        list.push(tag.clone());
                        list
                    };
                    session.modify(TAGS, add).map(drop)?;
                }
                (Operation::Flush, _) => session.flush()?,
                (_, Some(tag)) => session.append(TAGS, &tag)?,
                _ => {}
            }
            if self.operation == Operation::Cycle { session.cycle_key() } else { Ok(()) }
        };
        edit().map_err(|error| CommitError::Conflict(error.into()))?;
        if self.operation == Operation::Touch { session.save().await } else { Ok(()) }
    }
}

/// What the fields of a session are to a history.
fn document(fields: &lodger_core::SessionDict) -> Document {
    let mut document = Document::default();
    for (name, value) in fields.iter() {
        match name {
            TAGS => document.tags = value.decode().unwrap_or_default(),
            COUNTER => document.counter = value.decode().unwrap_or_default(),
            _ if name.starts_with('w') => {
                let tag = value.decode().unwrap_or_default();
                document.fields.insert(name.to_owned(), tag);
            }
            _ => {}
        }
    }
    document
}

fn digest(text: &str) -> u64 {
    use std::hash::{DefaultHasher, Hash, Hasher};
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What an error of a commit is to a history.
pub(super) fn kind(error: &CommitError) -> ErrorKind {
    match error {
        CommitError::Gone(_) => ErrorKind::Gone,
        CommitError::Conflict(_) => ErrorKind::Conflict,
        CommitError::Contended => ErrorKind::Contended,
        CommitError::Load(_) | CommitError::Unavailable(_) => ErrorKind::Unavailable,
        CommitError::Unknown(_) => ErrorKind::Unknown,
        _ => ErrorKind::Other,
    }
}

/// What a result is to a history.
pub(super) const fn outcome(error: Option<ErrorKind>) -> Outcome {
    match error {
        None => Outcome::Ok,
        Some(ErrorKind::Unknown | ErrorKind::Other) => Outcome::Unknown,
        Some(_) => Outcome::Fail,
    }
}
