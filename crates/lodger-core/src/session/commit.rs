//! Storing what was done.

use std::sync::Arc;

use async_lock::{Mutex, MutexGuard};

use super::document::{Rebase, Taken};
use super::handle::Session;
use super::lazy::{LazySession, Shared};
use crate::CommitError;
use crate::engine::{Committed, Opened, Retire, SessionCookie};
use crate::store::BoxFuture;

/// One commit at a time. A commit whose caller was dropped stays here, and whoever comes next sees
/// it through first: nothing is stored twice, and nothing is forgotten.
#[derive(Default)]
pub(super) struct Lane(Mutex<Option<Pending>>);

struct Pending {
    future: BoxFuture<'static, Result<Committed, CommitError>>,
    taken: Option<Taken>,
}

impl Lane {
    /// Waits for the right to load or commit.
    pub(super) async fn lock(&self) -> Turn<'_> {
        Turn(self.0.lock().await)
    }
}

/// The right to load or commit.
pub(super) struct Turn<'a>(MutexGuard<'a, Option<Pending>>);

impl Turn<'_> {
    /// Sees the pending commit through, if there is one.
    async fn settle(&mut self, shared: &Shared) -> Result<(), CommitError> {
        let Some(pending) = self.0.as_mut() else { return Ok(()) };
        let result = pending.future.as_mut().await;
        let taken = self.0.take().and_then(|pending| pending.taken);
        let mut rebase = taken.and_then(|taken| {
            shared.lock().phase.committable().and_then(|document| document.settle(taken, &result))
        });
        while let Some(todo) = rebase {
            rebase = shared.rebase(todo);
        }
        result.map(|_| ())
    }
}

/// # Storing
impl Session {
    /// Stores what was done so far, and renews the expiry.
    ///
    /// There is no need to call it: the session is stored with the response. Call it to be sure
    /// before something that cannot be undone. The response carries the cookie also in this case,
    /// unless what is done afterwards cannot be stored: an answer of our own carries none, so that
    /// a visitor whose key was changed by the save has lost the session then.
    ///
    /// # Errors
    ///
    /// Nothing is forgotten by most errors: what was done is tried again with the response, and an
    /// error then becomes the response's status. After [`CommitError::Conflict`] what was done is
    /// dropped, since it would fail again, and the handle can be used on. After
    /// [`CommitError::Unknown`] nothing more can be stored, but a flush still ends the session.
    ///
    /// # Cancel safety
    ///
    /// A dropped call goes on in the background or with the response; it is stored once.
    pub async fn save(&self) -> Result<(), CommitError> {
        let mut turn = self.shared.lane.lock().await;
        // The failure of an earlier, dropped call is tried again by this one.
        let _ = turn.settle(&self.shared).await;
        {
            let mut state = self.shared.lock();
            state.phase.editable().ok_or(CommitError::Closed)?;
            state.accessed = true;
        }
        self.shared.commit(&mut turn, true).await
    }

    /// Deletes the stored session at once and leaves the cookie and this handle's data alone; whether
    /// there was one. A later save fails with [`CommitError::Gone`]. To log a visitor out use
    /// [`flush`](Session::flush).
    ///
    /// # Errors
    ///
    /// When the store failed.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the session is deleted or not.
    pub async fn delete(&self) -> Result<bool, CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let _ = turn.settle(&self.shared).await;
        self.shared.delete().await
    }

    /// Ends the session at once, for a request that may be dropped before its response.
    ///
    /// # Errors
    ///
    /// When the store failed; the handle is then as it was. After [`CommitError::Unknown`] the
    /// stored session may be gone.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the stored session is deleted or not; call it again.
    pub async fn flush_now(&self) -> Result<(), CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let _ = turn.settle(&self.shared).await;
        self.shared.delete().await?;
        let mut state = self.shared.lock();
        let document = state.phase.editable().ok_or(CommitError::Closed)?;
        document.edits += 1;
        document.flush();
        (document.opened, document.retire) = (Opened::Fresh, Retire::Keep);
        (state.accessed, state.modified) = (true, true);
        Ok(())
    }
}

/// # For the glue to a framework
impl LazySession {
    /// Stores what was done, for the last time: edits are refused from now on. With `renew`, a stored
    /// session is renewed even if it was not touched; if others ended or keep changing it, that is
    /// left undone.
    ///
    /// Gives what the visitor is to get; `None`: no cookie is set.
    ///
    /// # Errors
    ///
    /// When it could not be stored; no cookie may be set then.
    ///
    /// # Cancel safety
    ///
    /// Once polled, a commit goes on when dropped.
    pub async fn commit(&self, renew: bool) -> Result<Option<SessionCookie>, CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let _ = turn.settle(&self.shared).await;
        let opened = if renew { self.shared.open().await } else { Ok(()) };
        let (changed, saved) = match self.shared.lock().phase.begin_closing() {
            Some(document) => (document.has_changes(), document.saved.is_some()),
            None => (false, true),
        };
        let result = match opened {
            Err(error) => Err(error.into()),
            Ok(()) if changed => self.shared.commit(&mut turn, renew).await,
            Ok(()) if renew && !saved => match self.shared.commit(&mut turn, renew).await {
                // The visitor asked for nothing to be stored, so there is nothing to complain of.
                Err(CommitError::Gone(_) | CommitError::Contended) => Ok(()),
                result => result,
            },
            Ok(()) => Ok(()),
        };
        let cookie = self.shared.close();
        result.map(|()| cookie)
    }

    /// Drops what was done, but for a flush, which holds; edits are refused from now on.
    ///
    /// Gives what the visitor is to get for a save that the handler made itself.
    ///
    /// # Errors
    ///
    /// When a flush could not be carried out.
    ///
    /// # Cancel safety
    ///
    /// Once polled, a flush goes on when dropped.
    pub async fn abandon(&self) -> Result<Option<SessionCookie>, CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let settled = turn.settle(&self.shared).await;
        let flushing = self.shared.lock().phase.begin_closing().is_some_and(|document| {
            document.drop_changes();
            document.retire == Retire::Flush
        });
        let result = match settled {
            _ if flushing => self.shared.commit(&mut turn, false).await,
            Err(error @ CommitError::Unknown(_)) => Err(error),
            _ => Ok(()),
        };
        let cookie = self.shared.close();
        result.map(|()| cookie)
    }
}

impl Shared {
    async fn commit(&self, turn: &mut Turn<'_>, renew: bool) -> Result<(), CommitError> {
        let taken = {
            let mut state = self.lock();
            let document = state.phase.committable().ok_or(CommitError::Closed)?;
            if let Some(error) = &document.lost {
                return Err(CommitError::Unknown(error.clone()));
            }
            document.take()
        };
        let (opened, commit) = taken.commit(renew);
        let future = Arc::clone(&self.engine).commit(opened, commit);
        *turn.0 = Some(Pending { future, taken: Some(taken) });
        turn.settle(self).await
    }

    /// Applies edits to what was stored, without the lock. Edits that do not fit there stay visible,
    /// and the next commit reports the conflict.
    fn rebase(&self, mut rebase: Rebase) -> Option<Rebase> {
        if rebase.patch.apply(&mut rebase.view).is_err() {
            return None;
        }
        self.lock().phase.committable().and_then(|document| document.rebased(rebase))
    }

    /// Deletes what is kept under the session's key; as long as nobody has looked, that is the key
    /// that was presented.
    async fn delete(&self) -> Result<bool, CommitError> {
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

    fn close(&self) -> Option<SessionCookie> {
        self.lock().phase.close().and_then(|document| document.saved.clone())
    }
}
