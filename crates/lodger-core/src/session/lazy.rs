//! The handle before anything was loaded.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::commit::Lane;
use super::document::Document;
use super::handle::Session;
use super::state::{Facts, Phase, State};
use crate::engine::{Opened, SessionEngine};
use crate::{LoadError, Presented, SessionKey, Settings};

/// A visitor's session that is loaded when it is first needed.
///
/// The glue to a framework makes one for each request, keeps a clone, and decides upon its
/// [`facts`](Self::facts) when the handler has answered. Clones are the same session.
#[derive(Clone)]
pub struct LazySession {
    pub(super) shared: Arc<Shared>,
}

/// What all clones of a handle share.
pub(super) struct Shared {
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) presented: Presented,
    /// Never held across an await, nor while the user's code runs.
    pub(super) state: Mutex<State>,
    /// Whoever loads or commits holds it.
    pub(super) lane: Lane,
}

impl LazySession {
    /// A handle for what a request presented. Does no IO.
    #[must_use]
    pub fn new(engine: Arc<dyn SessionEngine>, presented: Presented) -> Self {
        let state = State { accessed: false, modified: false, phase: Phase::Unopened };
        let shared = Shared { engine, presented, state: Mutex::new(state), lane: Lane::default() };
        Self { shared: Arc::new(shared) }
    }

    /// Loads the session, once however often it is called. Loading counts as no access.
    ///
    /// # Errors
    ///
    /// When the store failed, or the response was sent without the session having been loaded. A
    /// session that is not there is no error but an empty one.
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await and called again.
    pub async fn load(&self) -> Result<Session, LoadError> {
        let lane = self.shared.lane.lock().await;
        self.shared.open().await?;
        drop(lane);
        self.shared.lock().phase.document().ok_or(LoadError::Closed)?;
        Ok(Session { shared: Arc::clone(&self.shared) })
    }

    /// What the HTTP side decides upon.
    #[must_use]
    pub fn facts(&self) -> Facts {
        self.shared.facts()
    }

    /// As [`Session::is_empty`].
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.facts().empty
    }

    /// As [`Session::session_key`].
    #[must_use]
    pub fn session_key(&self) -> Option<SessionKey> {
        self.shared.session_key()
    }

    /// What the request presented.
    #[must_use]
    pub fn presented(&self) -> &Presented {
        &self.shared.presented
    }

    /// The settings of this kind of session.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.shared.engine.settings()
    }
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
        let empty = match document.filter(|_| state.accessed) {
            Some(document) => document.key().is_none() && document.view.is_empty(),
            None => self.presented_key().is_none(),
        };
        let flushed = document.is_some_and(|document| document.flushed);
        Facts { accessed: state.accessed, modified: state.modified, empty, flushed }
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
}

impl fmt::Debug for LazySession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazySession")
            .field("presented", &self.shared.presented)
            .finish_non_exhaustive()
    }
}
