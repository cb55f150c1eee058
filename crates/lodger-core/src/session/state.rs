//! What a handle knows, and how that moves.

use super::{Operation, Patch};
use crate::engine::{Commit, Committed, Opened, Retire, SessionCookie};
use crate::{CommitError, EditError, SessionDict, SessionKey, StoreError};

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

#[derive(Debug)]
pub(super) enum Phase {
    /// Nothing was asked of the engine yet.
    Unopened,
    /// Loaded; edits go into the document.
    Open(Document),
    /// The response has been decided. What was loaded can still be read.
    Closed(Option<Document>),
}

impl Phase {
    pub(super) fn document(&self) -> Option<&Document> {
        match self {
            Self::Unopened => None,
            Self::Open(document) => Some(document),
            Self::Closed(document) => document.as_ref(),
        }
    }

    pub(super) fn open_mut(&mut self) -> Option<&mut Document> {
        match self {
            Self::Open(document) => Some(document),
            _ => None,
        }
    }
}

/// A loaded session and what was done to it since.
///
/// # Internal invariant
///
/// `view` is the data of `opened` (none after a flush) with `patch` applied.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) opened: Opened,
    pub(super) view: SessionDict,
    pub(super) patch: Patch,
    pub(super) retire: Retire,
    /// The session that was presented was ended, and nothing was stored since.
    pub(super) flushed: bool,
    /// What the visitor is to get for the last acknowledged save.
    pub(super) saved: Option<SessionCookie>,
    /// Set when the outcome of a commit is unknown: nothing more can be stored.
    pub(super) lost: Option<StoreError>,
}

/// What was taken out of a document to be committed.
pub(super) struct Taken {
    opened: Opened,
    patch: Patch,
    retire: Retire,
}

impl Document {
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            view: opened.dict(),
            opened,
            patch: Patch::default(),
            retire: Retire::Keep,
            flushed: false,
            saved: None,
            lost: None,
        }
    }

    pub(super) fn key(&self) -> Option<&SessionKey> {
        if self.retire == Retire::Flush { None } else { self.opened.key() }
    }

    pub(super) fn apply(&mut self, operation: Operation) -> Result<(), EditError> {
        operation.apply(&mut self.view)?;
        self.patch.push(operation);
        Ok(())
    }

    /// Before the first access nothing is known of what was presented, so that ending the session
    /// ends whatever is kept under the key that was presented, an expired record too.
    pub(super) fn presume(&mut self, presented: Option<SessionKey>) {
        if let (Opened::Fresh, Some(key)) = (&self.opened, presented) {
            self.opened = Opened::Gone { key };
        }
    }

    /// Forgets the data; what was opened is deleted by the commit.
    pub(super) fn flush(&mut self) {
        self.view = SessionDict::new();
        self.patch = Patch::default();
        self.retire = Retire::Flush;
        self.flushed = true;
        // Whether an earlier commit was stored no longer matters: its session ends.
        self.lost = None;
    }

    /// Drops what was done since the last commit, but for a flush.
    pub(super) fn drop_changes(&mut self) {
        self.patch = Patch::default();
        self.view =
            if self.retire == Retire::Flush { SessionDict::new() } else { self.opened.dict() };
    }

    /// Puts the edits made meanwhile on top of what was stored. If they do not fit there, they stay
    /// visible, and the next commit reports the conflict.
    fn rebase(&mut self) {
        let mut view = self.opened.dict();
        if self.patch.apply(&mut view).is_ok() {
            self.view = view;
        }
    }

    /// Takes what is to be committed; edits made from now on belong to the next commit.
    pub(super) fn take(&mut self) -> Taken {
        let retire = std::mem::take(&mut self.retire);
        let opened = match retire {
            Retire::Flush => std::mem::replace(&mut self.opened, Opened::Fresh),
            Retire::Keep | Retire::Cycle => self.opened.clone(),
        };
        Taken { opened, patch: std::mem::take(&mut self.patch), retire }
    }

    /// Takes in what became of a commit.
    pub(super) fn settle(&mut self, taken: Taken, result: &Result<Committed, CommitError>) {
        match result {
            Ok(Committed::Saved(saved)) => {
                self.opened = saved.opened.clone();
                // A flush made meanwhile stands: what was stored is deleted by the next commit.
                if self.retire != Retire::Flush {
                    self.rebase();
                    self.saved = Some(saved.cookie.clone());
                    self.flushed = false;
                }
            }
            Ok(Committed::Removed) => (self.opened, self.saved) = (Opened::Fresh, None),
            Ok(Committed::Unchanged) => {}
            Err(CommitError::Unknown(error)) => self.lost = Some(error.clone()),
            Err(error) => {
                // What was not stored is tried again, unless the application ended that session.
                if self.retire != Retire::Flush {
                    self.patch.prepend(taken.patch);
                }
                if self.retire == Retire::Keep {
                    self.retire = taken.retire;
                }
                self.opened = match (error, taken.opened) {
                    (CommitError::Gone(_), Opened::Live { key, .. }) => Opened::Gone { key },
                    (_, opened) => opened,
                };
            }
        }
    }
}

impl Taken {
    pub(super) fn commit(&self, renew: bool) -> (Opened, Commit) {
        (self.opened.clone(), Commit { retire: self.retire, patch: self.patch.clone(), renew })
    }
}
