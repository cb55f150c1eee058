//! Storing what was done.

use super::handle::Session;
use super::lazy::LazySession;
use crate::engine::{Opened, Renewal, Retire, SessionCookie};
use crate::{CommitError, LoadError};

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
    /// dropped, since it would fail again, and the handle can be used on; where the session was
    /// [changed](crate::SessionConflict::Changed), after a [`reload`](Self::reload). After
    /// [`CommitError::Unknown`] nothing more can be stored, but a flush still ends the session.
    ///
    /// # Cancel safety
    ///
    /// A dropped call goes on in the background or with the response; it is stored once.
    pub async fn save(&self) -> Result<(), CommitError> {
        let mut turn = self.shared.lane.lock().await;
        // The failure of an earlier, dropped call is tried again by this one.
        let _ = self.shared.settle(&mut turn).await;
        {
            let mut state = self.shared.lock();
            state.phase.editable().ok_or(CommitError::Closed)?;
            state.accessed = true;
        }
        self.shared.commit(&mut turn, Renewal::Always).await
    }

    /// Takes what is stored now in the place of what this request loaded; what it did and did not save
    /// is forgotten.
    ///
    /// For trying again after [`SessionConflict::Changed`](crate::SessionConflict::Changed): without it
    /// the handle goes on to stand on what it loaded, so that each later change conflicts, too. A session
    /// that has ended meanwhile is then empty, and a change of it is [`CommitError::Gone`]. A flush
    /// stands, and leaves nothing to reload.
    ///
    /// # Errors
    ///
    /// When the store failed; the handle is then as it was.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the handle is as it was.
    ///
    /// ```
    /// # use lodger_core::{CommitError, EditError, Session, SessionConflict};
    /// /// Takes one of what is left, under `OnConflict::Strict`; `false`: nothing is left.
    /// async fn take_one(session: &Session) -> Result<bool, Box<dyn std::error::Error>> {
    ///     loop {
    ///         let left: u32 = session.get("left")?.unwrap_or(0);
    ///         if left == 0 {
    ///             return Ok(false);
    ///         }
    ///         session.insert("left", &(left - 1))?;
    ///         match session.save().await {
    ///             Err(CommitError::Conflict(SessionConflict::Changed)) => session.reload().await?,
    ///             saved => return Ok(saved.map(|()| true)?),
    ///         }
    ///     }
    /// }
    /// ```
    pub async fn reload(&self) -> Result<(), LoadError> {
        let mut turn = self.shared.lane.lock().await;
        let _ = self.shared.settle(&mut turn).await;
        self.shared.reload().await
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
        let _ = self.shared.settle(&mut turn).await;
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
        let _ = self.shared.settle(&mut turn).await;
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
        let _ = self.shared.settle(&mut turn).await;
        let renewal = if renew { Renewal::Always } else { Renewal::Never };
        let opened = if renew { self.shared.open().await } else { Ok(()) };
        let (changed, saved) = match self.shared.lock().phase.begin_closing() {
            Some(document) => (document.has_changes(), document.saved.is_some()),
            None => (false, true),
        };
        let result = match opened {
            Err(error) => Err(error.into()),
            Ok(()) if changed => self.shared.commit(&mut turn, renewal).await,
            Ok(()) if renew && !saved => {
                lost_is_nothing(self.shared.commit(&mut turn, renewal).await)
            }
            Ok(()) => Ok(()),
        };
        let cookie = self.shared.close();
        result.map(|()| cookie)
    }

    /// Renews a session that was looked at and is due; edits are refused from now on. It is a swap as
    /// any write, and one that loses is left undone: others have saved the session then, which renewed
    /// it, or ended it.
    ///
    /// Gives what the visitor is to get; `None`: no cookie is set.
    ///
    /// # Errors
    ///
    /// When the store failed. Nobody asked for anything to be stored, and the next request is as due:
    /// the handler's answer may go out, without a cookie.
    ///
    /// # Cancel safety
    ///
    /// Once polled, it goes on when dropped.
    pub async fn touch(&self) -> Result<Option<SessionCookie>, CommitError> {
        let mut turn = self.shared.lane.lock().await;
        let settled = self.shared.settle(&mut turn).await;
        let unchanged = self
            .shared
            .lock()
            .phase
            .begin_closing()
            .is_some_and(|document| !document.has_changes());
        let result = match settled {
            Ok(()) if unchanged => {
                lost_is_nothing(self.shared.commit(&mut turn, Renewal::IfDue).await)
            }
            settled => settled,
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
        let settled = self.shared.settle(&mut turn).await;
        let flushing = self.shared.lock().phase.begin_closing().is_some_and(|document| {
            document.drop_changes();
            document.retire == Retire::Flush
        });
        let result = match settled {
            _ if flushing => self.shared.commit(&mut turn, Renewal::Never).await,
            Err(error @ CommitError::Unknown(_)) => Err(error),
            _ => Ok(()),
        };
        let cookie = self.shared.close();
        result.map(|()| cookie)
    }
}

/// For a renewal: the visitor asked for nothing to be stored, so there is nothing to complain of when
/// others ended the session or keep changing it.
fn lost_is_nothing(result: Result<(), CommitError>) -> Result<(), CommitError> {
    match result {
        Err(CommitError::Gone(_) | CommitError::Contended) => Ok(()),
        result => result,
    }
}
