//! One line of a history.

use serde::{Deserialize, Serialize};

use super::{Document, KeyDigest, Seen};

/// One operation on a session: who asked for it and when, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    /// The process that asked.
    pub process: u32,
    /// Who in that process; a worker asks for one thing after the other.
    pub worker: u32,
    /// What was asked for.
    pub operation: Operation,
    /// The key it was asked of; none for a creation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<KeyDigest>,
    /// The key that was handed out, by a creation or a change of key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_key: Option<KeyDigest>,
    /// Microseconds before it was asked for, by [`monotonic_micros`](super::monotonic_micros).
    pub invoked_at: u64,
    /// Microseconds after the answer came.
    pub completed_at: u64,
    /// What came of it.
    pub outcome: Outcome,
    /// What was wrong, unless it went well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorKind>,
    /// A digest of all the data that a load saw, for whoever reads the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What a write appended to the list; no two writes of a history have the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The field that was set to the tag, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// What an increment added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<i64>,
    /// What a load saw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Seen>,
    /// Whether the response had a `Set-Cookie`; none where there was no HTTP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_cookie: Option<bool>,
    /// When the session was told to end, by the same clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<u64>,
}

/// What can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Operation {
    /// Store a new session.
    Create,
    /// Read a session.
    Load,
    /// Set a field and append a tag.
    Save,
    /// Add to the counter.
    Increment,
    /// Append a tag.
    Append,
    /// Append a tag by a closure.
    Modify,
    /// Renew a session whose data stay.
    Touch,
    /// Change the key, and append a tag.
    Cycle,
    /// End a session from within a request.
    Flush,
    /// End a session from outside.
    Revoke,
    /// Tell a session when to end, and append a tag.
    Expire,
}

/// What came of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It was acknowledged.
    Ok,
    /// It was refused, and surely nothing was done.
    Fail,
    /// It may have been done, or may yet be, or never.
    Unknown,
}

/// Why an operation was not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ErrorKind {
    /// The session had ended.
    Gone,
    /// The change does not apply to what is stored.
    Conflict,
    /// Others kept changing the session.
    Contended,
    /// The store was not there.
    Unavailable,
    /// The store's reply was lost.
    Unknown,
    /// Anything else.
    Other,
}

impl Event {
    /// An operation that was acknowledged, to be filled in.
    #[must_use]
    pub const fn new(operation: Operation, invoked_at: u64, completed_at: u64) -> Self {
        Self {
            process: 0,
            worker: 0,
            operation,
            key: None,
            new_key: None,
            invoked_at,
            completed_at,
            outcome: Outcome::Ok,
            error: None,
            version: None,
            tag: None,
            field: None,
            by: None,
            seen: None,
            set_cookie: None,
            deadline: None,
        }
    }

    pub(super) fn is_ok(&self) -> bool {
        self.outcome == Outcome::Ok
    }

    pub(super) fn may_have_been_done(&self) -> bool {
        self.outcome != Outcome::Fail
    }

    /// Whether it was over before the other was asked for.
    pub(super) fn precedes(&self, other: &Self) -> bool {
        self.outcome != Outcome::Unknown && self.completed_at < other.invoked_at
    }

    /// Whether it writes to a session that must be live for it.
    pub(super) const fn needs_live(&self) -> bool {
        use Operation::{Append, Cycle, Expire, Increment, Modify, Save, Touch};
        matches!(self.operation, Save | Increment | Append | Modify | Touch | Cycle | Expire)
    }

    /// Whether it ends the session of its key.
    pub(super) const fn ends(&self) -> bool {
        matches!(self.operation, Operation::Flush | Operation::Revoke)
    }

    /// The data that a load saw.
    pub(super) fn live(&self) -> Option<&Document> {
        self.seen.as_ref().filter(|_| self.is_ok()).and_then(Seen::document)
    }

    /// Whether it was told that there is no live session.
    pub(super) fn says_absent(&self) -> bool {
        let loaded = self.is_ok() && self.seen == Some(Seen::Absent);
        loaded || self.needs_live() && self.error == Some(ErrorKind::Gone)
    }

    /// Whether it was told that there is a live session.
    pub(super) fn says_live(&self) -> bool {
        self.live().is_some() || self.needs_live() && self.is_ok()
    }
}
