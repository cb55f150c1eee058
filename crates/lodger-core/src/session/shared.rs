//! What all clones of a handle share, and the way to the engine.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::document::{Document, Rebase};
use super::lane::{Lane, Turn};
use super::state::{Facts, Phase, State};
use crate::engine::{Opened, Renewal, SessionCookie, SessionEngine};
use crate::{CommitError, CookieValue, LoadError, Presented, SessionKey};

/// What all clones of a handle share.
pub(super) struct Shared {
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) presented: Presented,
    /// Never held across an await, nor while the user's code runs.
    pub(super) state: Mutex<State>,
    /// Whoever loads or commits holds it.
    pub(super) lane: Lane,
}

impl Shared {
    /// Loads if nothing was loaded yet; the caller holds the lane.
    pub(super) async fn open(&self) -> Result<(), LoadError> {
        if !matches!(self.lock().phase, Phase::Unopened) {
            return Ok(());
        }
        let opened = match self.presented.value() {
            None => Opened::Fresh,
            Some(value) => Arc::clone(&self.engine).load(value.clone()).await?,
        };
        let mut state = self.lock();
        if matches!(state.phase, Phase::Unopened) {
            state.phase = Phase::Open(Document::new(opened));
        }
        Ok(())
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn facts(&self) -> Facts {
        let state = self.lock();
        let document = state.phase.document();
        let (accessed, modified) = (state.accessed, state.modified);
        let flushed = document.is_some_and(|document| document.flushed);
        let looked_at = document.filter(|_| accessed && !modified);
        let due = looked_at.is_some_and(|document| {
            document.is_due(self.engine.settings(), self.engine.clock().now())
        });
        Facts { accessed, modified, empty: self.is_empty(&state), flushed, due }
    }

    pub(super) fn is_empty(&self, state: &State) -> bool {
        match state.phase.document().filter(|_| state.accessed) {
            Some(document) => document.key().is_none() && document.view.is_empty(),
            None => self.presented_key().is_none(),
        }
    }

    pub(super) fn session_key(&self) -> Option<SessionKey> {
        let state = self.lock();
        match state.phase.document().filter(|_| state.accessed) {
            Some(document) => document.key().cloned(),
            None => self.presented_key(),
        }
    }

    /// The key that was presented, as long as nobody has looked what is stored under it.
    pub(super) fn unaccessed_key(&self) -> Option<SessionKey> {
        if self.lock().accessed { None } else { self.presented_key() }
    }

    fn presented_key(&self) -> Option<SessionKey> {
        self.engine.presented_key(self.presented.value()?)
    }

    /// Sees the pending commit through, if there is one, and takes in what came of it.
    pub(super) async fn settle(&self, turn: &mut Turn<'_>) -> Result<(), CommitError> {
        let Some((taken, result)) = turn.finish().await else { return Ok(()) };
        let mut rebase = match self.lock().phase.committable() {
            Some(document) => document.settle(taken, &result),
            None => None,
        };
        while let Some(todo) = rebase {
            rebase = self.rebase(todo);
        }
        result.map(|_| ())
    }

    /// Commits what was done so far; the caller has seen the pending commit through.
    pub(super) async fn commit(
        &self,
        turn: &mut Turn<'_>,
        renewal: Renewal,
    ) -> Result<(), CommitError> {
        let taken = {
            let mut state = self.lock();
            let document = state.phase.committable().ok_or(CommitError::Closed)?;
            if let Some(error) = &document.lost {
                return Err(CommitError::Unknown(error.clone()));
            }
            document.take()
        };
        let (opened, commit) = taken.commit(renewal);
        let future = Arc::clone(&self.engine).commit(opened, commit);
        turn.begin(future, taken);
        self.settle(turn).await
    }

    /// Applies edits to what was stored, without the lock. Edits that do not fit there stay visible,
    /// and the next commit reports the conflict.
    fn rebase(&self, mut rebase: Rebase) -> Option<Rebase> {
        if rebase.patch.apply(&mut rebase.view).is_err() {
            return None;
        }
        self.lock().phase.committable().and_then(|document| document.rebased(rebase))
    }

    /// Takes what is stored now in the place of what was loaded and done; the caller holds the lane.
    pub(super) async fn reload(&self) -> Result<(), LoadError> {
        let key = {
            let mut state = self.lock();
            let document = state.phase.editable().ok_or(LoadError::Closed)?;
            document.key().cloned()
        };
        let Some(key) = key else { return Ok(()) };
        let opened = Arc::clone(&self.engine).load(CookieValue::from(&key)).await?;
        // What was live and is not found any more has ended.
        let opened = if opened.key().is_some() { opened } else { Opened::Gone { key } };
        let mut state = self.lock();
        state.accessed = true;
        state.phase.editable().ok_or(LoadError::Closed)?.reload(opened);
        Ok(())
    }

    /// Deletes what is kept under the session's key; as long as nobody has looked, that is the key
    /// that was presented.
    pub(super) async fn delete(&self) -> Result<bool, CommitError> {
        let presented = self.unaccessed_key();
        let opened = {
            let mut state = self.lock();
            let document = state.phase.editable().ok_or(CommitError::Closed)?;
            document.opened.key().cloned()
        };
        let Some(key) = opened.clone().or(presented) else { return Ok(false) };
        let deleted = Arc::clone(&self.engine).delete(key).await?;
        if let (Some(key), Some(document)) = (opened, self.lock().phase.committable()) {
            document.opened = Opened::Gone { key };
            document.saved = None;
        }
        Ok(deleted)
    }

    pub(super) fn close(&self) -> Option<SessionCookie> {
        self.lock().phase.close().and_then(|document| document.saved.clone())
    }
}
