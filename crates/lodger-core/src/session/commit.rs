//! Storing what was done.

use std::sync::Arc;

use async_lock::{Mutex, MutexGuard};

use super::handle::Session;
use super::lazy::{LazySession, Shared};
use super::state::{Phase, Taken};
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
        if let (Some(taken), Some(document)) = (taken, shared.lock().phase.open_mut()) {
            document.settle(taken, &result);
        }
        result.map(|_| ())
    }
}

/// # Storing
impl Session {
    /// Stores what was done so far, and renews the expiry.
    ///
    /// There is no need to call it: the session is stored with the response. Call it to be sure
    /// before something that cannot be undone. The response carries the cookie also in this case.
    ///
    /// # Errors
    ///
    /// Nothing is forgotten by an error: but for [`CommitError::Unknown`], what was done is tried
    /// again with the response, and an error then becomes the response's status.
    ///
    /// # Cancel safety
    ///
    /// A dropped call goes on in the background or with the response; it is stored once.
    pub async fn save(&self) -> Result<(), CommitError> {
        let mut turn = self.shared.lane.lock().await;
        // The failure of an earlier, dropped call is tried again by this one.
        let _ = turn.settle(&self.shared).await;
        self.shared.lock().accessed = true;
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
    /// When the store failed; the session is then as it was.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the stored session is deleted or not; call it again.
    pub async fn flush_now(&self) -> Result<(), CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let _ = turn.settle(&self.shared).await;
        self.shared.delete().await?;
        let mut state = self.shared.lock();
        (state.accessed, state.modified) = (true, true);
        let document = state.phase.open_mut().ok_or(CommitError::Closed)?;
        document.flush();
        (document.opened, document.retire) = (Opened::Fresh, Retire::Keep);
        Ok(())
    }
}

/// # For the glue to a framework
impl LazySession {
    /// Stores what was done, for the last time: edits are refused from now on. With `renew`, a stored
    /// session is renewed even if it was not touched.
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
        if renew && let Err(error) = self.shared.open().await {
            self.shared.close();
            return Err(error.into());
        }
        let pending = self.shared.lock().phase.open_mut().is_some_and(|document| {
            !document.patch.is_empty()
                || document.retire != Retire::Keep
                || document.lost.is_some()
                || (renew && document.saved.is_none())
        });
        let result = if pending { self.shared.commit(&mut turn, renew).await } else { Ok(()) };
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
        let flushing = self.shared.lock().phase.open_mut().is_some_and(|document| {
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
            let document = state.phase.open_mut().ok_or(CommitError::Closed)?;
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

    /// Deletes what is kept under the session's key; as long as nobody has looked, that is the key
    /// that was presented.
    async fn delete(&self) -> Result<bool, CommitError> {
        let presented = self.unaccessed_key();
        let opened = {
            let mut state = self.lock();
            let document = state.phase.open_mut().ok_or(CommitError::Closed)?;
            document.opened.key().cloned()
        };
        let Some(key) = opened.clone().or(presented) else { return Ok(false) };
        let deleted = Arc::clone(&self.engine).delete(key).await?;
        if let (Some(key), Some(document)) = (opened, self.lock().phase.open_mut()) {
            document.opened = Opened::Gone { key };
            document.saved = None;
        }
        Ok(deleted)
    }

    fn close(&self) -> Option<SessionCookie> {
        let mut state = self.lock();
        let document = match std::mem::replace(&mut state.phase, Phase::Unopened) {
            Phase::Unopened => None,
            Phase::Open(document) => Some(document),
            Phase::Closed(document) => document,
        };
        let cookie = document.as_ref().and_then(|document| document.saved.clone());
        state.phase = Phase::Closed(document);
        cookie
    }
}
