//! A loaded session and what was done to it since.

use super::{Operation, Patch, RESERVED_FIELD};
use crate::engine::{Commit, Committed, Opened, Renewal, Retire, SessionCookie};
use crate::{
    CommitError, EditError, Lifetime, SessionDict, SessionKey, Settings, StoreError, Timestamp,
};

/// A loaded session and what was done to it since.
///
/// # Internal invariant
///
/// `view` is the data of `opened` (none after a flush) with `patch` applied; between a commit and
/// the [`Rebase`] that follows it, still those of before.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) opened: Opened,
    pub(super) view: SessionDict,
    pub(super) patch: Patch,
    pub(super) retire: Retire,
    /// How many edits there were; what was computed without the lock is stale if it has moved.
    pub(super) edits: u64,
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

/// The edits made during a commit, to be put on top of what it stored. Applying them runs the
/// application's closures, so it is done without the lock.
pub(super) struct Rebase {
    pub(super) view: SessionDict,
    pub(super) patch: Patch,
    edits: u64,
}

impl Document {
    pub(super) fn new(opened: Opened) -> Self {
        Self {
            view: opened.dict(),
            opened,
            patch: Patch::default(),
            retire: Retire::Keep,
            edits: 0,
            flushed: false,
            saved: None,
            lost: None,
        }
    }

    pub(super) fn key(&self) -> Option<&SessionKey> {
        if self.retire == Retire::Flush { None } else { self.opened.key() }
    }

    /// The data as the application sees them.
    pub(super) fn visible(&self) -> SessionDict {
        let mut fields = self.view.clone();
        fields.remove(RESERVED_FIELD);
        fields
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

    /// Stands on what is stored now; a flush made meanwhile stands.
    pub(super) fn reload(&mut self, opened: Opened) {
        if self.retire == Retire::Flush {
            return;
        }
        self.edits += 1;
        (self.opened, self.retire) = (opened, Retire::Keep);
        self.drop_changes();
    }

    /// Drops what was done since the last commit, but for a flush.
    pub(super) fn drop_changes(&mut self) {
        self.patch = Patch::default();
        self.view = self.base();
    }

    /// What the patch applies to.
    fn base(&self) -> SessionDict {
        if self.retire == Retire::Flush { SessionDict::new() } else { self.opened.dict() }
    }

    /// Whether the application did anything that is not committed.
    pub(super) fn has_changes(&self) -> bool {
        !self.patch.is_empty() || self.retire != Retire::Keep || self.lost.is_some()
    }

    /// Whether the session is stored as it was loaded or saved last, and is due to be renewed.
    pub(super) fn is_due(&self, settings: &Settings, now: Timestamp) -> bool {
        match &self.opened {
            Opened::Live { expire_date: Some(expire_date), stamp, dict, .. }
                if settings.idle_age.is_some() && !self.has_changes() =>
            {
                let saved = stamp.map(Timestamp::from_secs);
                Lifetime::of(dict, settings, now).is_due(*expire_date, saved)
            }
            _ => false,
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

    /// Takes in what became of a commit; what it gives is to be applied without the lock.
    pub(super) fn settle(
        &mut self,
        taken: Taken,
        result: &Result<Committed, CommitError>,
    ) -> Option<Rebase> {
        match result {
            Ok(Committed::Saved(saved)) => {
                self.opened = saved.opened.clone();
                // A flush made meanwhile stands: what was stored is deleted by the next commit.
                if self.retire != Retire::Flush {
                    self.saved = Some(saved.cookie.clone());
                    self.flushed = false;
                    return self.rebase();
                }
            }
            Ok(Committed::Removed) => (self.opened, self.saved) = (Opened::Fresh, None),
            Ok(Committed::Unchanged) => {}
            // A deletion may be repeated, whatever became of it; anything else may not.
            Err(CommitError::Unknown(error))
                if taken.retire != Retire::Flush && self.retire != Retire::Flush =>
            {
                self.lost = Some(error.clone());
            }
            Err(CommitError::Conflict(_)) => return self.give_up(taken),
            Err(error) => self.put_back(taken, error),
        }
        None
    }

    /// What was not stored is tried again, unless the application ended that session meanwhile.
    fn put_back(&mut self, taken: Taken, error: &CommitError) {
        if self.retire != Retire::Flush {
            self.patch.prepend(taken.patch);
        }
        if taken.retire == Retire::Flush || self.retire == Retire::Keep {
            self.retire = taken.retire;
        }
        self.opened = match (error, taken.opened) {
            (CommitError::Gone(_), Opened::Live { key, .. }) => Opened::Gone { key },
            (_, opened) => opened,
        };
    }

    /// What conflicts is not tried again: it would conflict for ever.
    fn give_up(&mut self, taken: Taken) -> Option<Rebase> {
        self.opened = taken.opened;
        if self.retire == Retire::Flush {
            return None;
        }
        if taken.retire == Retire::Flush {
            self.retire = Retire::Flush;
        }
        self.rebase()
    }

    fn rebase(&self) -> Option<Rebase> {
        Some(Rebase { view: self.base(), patch: self.patch.clone(), edits: self.edits })
    }

    /// Takes in the view that a rebase came to; gives another one if there were edits meanwhile.
    pub(super) fn rebased(&mut self, rebase: Rebase) -> Option<Rebase> {
        if rebase.edits != self.edits {
            return if self.retire == Retire::Flush { None } else { self.rebase() };
        }
        self.view = rebase.view;
        None
    }
}

impl Taken {
    pub(super) fn commit(&self, renewal: Renewal) -> (Opened, Commit) {
        let (retire, patch) = (self.retire, self.patch.clone());
        (self.opened.clone(), Commit { retire, patch, renewal })
    }
}
