//! One request and its response.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::{HeaderMap, StatusCode};
use lodger_core::{
    CommitError, LazySession, OnInterrupted, Presented, SessionCookie, SessionEngine,
};

use super::{Committing, Failure, Finish, Verdict};
use crate::cookie;
use crate::{Action, Decision, Inputs, decide};

/// The session's part in one request and its response. Clones are the same.
#[derive(Clone)]
pub struct Exchange {
    engine: Arc<dyn SessionEngine>,
    session: LazySession,
}

impl Exchange {
    /// For a request that presented this. Does no IO.
    #[must_use]
    pub fn new(engine: Arc<dyn SessionEngine>, presented: Presented) -> Self {
        let session = LazySession::new(Arc::clone(&engine), presented);
        Self { engine, session }
    }

    /// For a request with these headers. Does no IO.
    #[must_use]
    pub fn of(engine: Arc<dyn SessionEngine>, headers: &HeaderMap) -> Self {
        let presented = cookie::read_headers(headers, engine.settings());
        Self::new(engine, presented)
    }

    /// The handle, a clone of which goes to the handler.
    #[must_use]
    pub const fn session(&self) -> &LazySession {
        &self.session
    }

    /// Decides what becomes of session and cookie now that the handler has answered with this
    /// status. Call it once, before the head of the response is sent.
    ///
    /// From now on edits are refused, also for what was never touched. Where nothing is to be
    /// stored, the verdict is there at once, and nothing was allocated for an untouched session.
    ///
    /// # Cancel safety
    ///
    /// A [`Committing`] that is dropped before it was polled stores nothing; once polled, the commit
    /// goes on when dropped.
    pub fn finish(&self, status: StatusCode) -> Finish {
        let settings = self.engine.settings();
        let facts = self.session.facts();
        let decision = decide(Inputs {
            facts,
            presented: self.session.presented().value().is_some(),
            server_error: status.as_u16() >= 500,
            save_every_request: settings.save_every_request,
        });
        let action = decision.action;
        let stores = matches!(action, Action::Save | Action::Touch) || facts.flushed;
        if !stores && let Some(result) = at_once(self.carry_out(action)) {
            return Finish::Done(self.verdict(decision, result));
        }
        let exchange = self.clone();
        Finish::Commit(Committing::new(async move {
            let result = exchange.carry_out(action).await;
            exchange.verdict(decision, result)
        }))
    }

    /// Does with the session what was decided, and closes it.
    async fn carry_out(&self, action: Action) -> Result<Option<SessionCookie>, CommitError> {
        match action {
            Action::Save => self.session.commit(self.engine.settings().save_every_request).await,
            Action::Touch => self.session.touch().await,
            Action::Leave | Action::Delete => self.session.abandon().await,
        }
    }

    fn verdict(
        &self,
        decision: Decision,
        result: Result<Option<SessionCookie>, CommitError>,
    ) -> Verdict {
        match self.set_cookie(decision.action, result) {
            Ok(set_cookie) => {
                Verdict { refusal: None, vary: decision.vary || set_cookie.is_some(), set_cookie }
            }
            Err(failure) => {
                failure.report();
                let refusal = (!self.is_kept(decision, &failure)).then(|| failure.status());
                Verdict { refusal, set_cookie: None, vary: decision.vary }
            }
        }
    }

    /// Whether the handler's answer goes out in spite of a failure.
    fn is_kept(&self, decision: Decision, failure: &Failure) -> bool {
        match failure {
            // Nobody asked for it, and the next request is as due.
            Failure::Commit(_) if decision.action == Action::Touch => true,
            Failure::Commit(CommitError::Gone(_)) => {
                self.engine.settings().on_interrupted == OnInterrupted::KeepResponse
            }
            _ => false,
        }
    }

    fn set_cookie(
        &self,
        action: Action,
        result: Result<Option<SessionCookie>, CommitError>,
    ) -> Result<Option<http::HeaderValue>, Failure> {
        let settings = self.engine.settings();
        let presented = self.session.presented().value();
        Ok(match result? {
            // What the handler saved itself needs no cookie if the browser has it already.
            Some(cookie) if action == Action::Leave && presented == Some(&cookie.value) => None,
            Some(cookie) => Some(cookie::set(settings, &cookie, self.engine.clock().now())?),
            None if action == Action::Delete => Some(cookie::remove(settings)?),
            None => None,
        })
    }
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange").field("session", &self.session).finish_non_exhaustive()
    }
}

/// What a future gives that needs not wait; else it is dropped.
///
/// Closing a handle waits for nothing but a save that the handler dropped half-way. Such a save
/// stays with the handle when the future is dropped, and the next call sees it through.
fn at_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}
