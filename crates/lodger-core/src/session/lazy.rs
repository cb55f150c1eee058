//! The handle before anything was loaded.

use std::fmt;
use std::sync::{Arc, Mutex};

use super::handle::Session;
use super::lane::Lane;
use super::shared::Shared;
use super::state::{Facts, Phase, State};
use crate::engine::SessionEngine;
use crate::{LoadError, Presented, SessionKey, Settings};

/// A visitor's session that is loaded when it is first needed.
///
/// The glue to a framework makes one for each request, keeps a clone, and decides upon its
/// [`facts`](Self::facts) when the handler has answered. Clones are the same session.
#[derive(Clone)]
pub struct LazySession {
    pub(super) shared: Arc<Shared>,
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
        self.shared.is_empty(&self.shared.lock())
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

impl fmt::Debug for LazySession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LazySession")
            .field("presented", &self.shared.presented)
            .finish_non_exhaustive()
    }
}
