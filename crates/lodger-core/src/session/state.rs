//! What a handle knows, and how that moves.

use super::document::Document;

/// What the HTTP side decides upon, sampled once when the handler has answered.
///
/// # Django
///
/// `accessed`, `modified` and `is_empty()` as the middleware reads them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// The handler looked at the session or changed it.
    pub accessed: bool,
    /// The handler changed the session.
    pub modified: bool,
    /// The session has neither key nor data.
    pub empty: bool,
    /// The handler ended the session that was presented, whatever it did afterwards.
    pub flushed: bool,
    /// The handler looked at a stored session and left it as it is, and enough of its idle limit has
    /// passed for that to renew it.
    pub due: bool,
}

/// The state of a handle.
///
/// # Internal invariant
///
/// `accessed` is never set while the phase is `Unopened`: access needs the data.
#[derive(Debug)]
pub(super) struct State {
    pub(super) accessed: bool,
    pub(super) modified: bool,
    pub(super) phase: Phase,
}

/// How far a handle is. It only ever moves down this list.
#[derive(Debug)]
pub(super) enum Phase {
    /// Nothing was asked of the engine yet.
    Unopened,
    /// Loaded; edits go into the document.
    Open(Document),
    /// The last commit is under way; edits are refused.
    Closing(Document),
    /// The response has been decided. What was loaded can still be read.
    Closed(Option<Document>),
}

impl Phase {
    pub(super) fn document(&self) -> Option<&Document> {
        match self {
            Self::Unopened => None,
            Self::Open(document) | Self::Closing(document) => Some(document),
            Self::Closed(document) => document.as_ref(),
        }
    }

    /// The document as long as it may be edited.
    pub(super) fn editable(&mut self) -> Option<&mut Document> {
        match self {
            Self::Open(document) => Some(document),
            _ => None,
        }
    }

    /// The document as long as it may be committed.
    pub(super) fn committable(&mut self) -> Option<&mut Document> {
        match self {
            Self::Open(document) | Self::Closing(document) => Some(document),
            _ => None,
        }
    }

    /// Refuses edits from now on; gives what is to be committed, if anything was loaded.
    pub(super) fn begin_closing(&mut self) -> Option<&mut Document> {
        *self = match std::mem::replace(self, Self::Unopened) {
            Self::Unopened => Self::Closed(None),
            Self::Open(document) => Self::Closing(document),
            later => later,
        };
        self.committable()
    }

    /// Ends the handle; what was loaded can still be read.
    pub(super) fn close(&mut self) -> Option<&Document> {
        *self = match std::mem::replace(self, Self::Unopened) {
            Self::Unopened => Self::Closed(None),
            Self::Open(document) | Self::Closing(document) => Self::Closed(Some(document)),
            closed => closed,
        };
        self.document()
    }
}
