//! The session before it is loaded.

use std::fmt;
use std::marker::PhantomData;

use http::Extensions;
use lodger_core::{LoadError, SessionKey, Settings};

use crate::{Session, SessionRejection, Site};

/// A visitor's session that is loaded when it is first needed. Clones are the same session.
///
/// It is in the extensions of every request that passes a [`SessionLayer`](crate::SessionLayer).
pub struct LazySession<N = Site> {
    session: lodger_core::LazySession,
    name: PhantomData<fn() -> N>,
}

impl<N> LazySession<N> {
    pub(crate) const fn new(session: lodger_core::LazySession) -> Self {
        Self { session, name: PhantomData }
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
    pub async fn load(&self) -> Result<Session<N>, SessionRejection> {
        Ok(Session::new(self.session.load().await?))
    }

    /// Whether the session has neither key nor data; asking is no access, and loads nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.session.is_empty()
    }

    /// The session's key; asking is no access, and loads nothing: until the first access it is the
    /// key that the visitor presented, whether or not anything is stored under it.
    #[must_use]
    pub fn session_key(&self) -> Option<SessionKey> {
        self.session.session_key()
    }

    /// The settings of this kind of session.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        self.session.settings()
    }
}

impl<N: 'static> LazySession<N> {
    /// Finds the handle among the extensions of a request.
    ///
    /// # Errors
    ///
    /// When the request passed no layer of this name.
    pub fn find(extensions: &Extensions) -> Result<Self, SessionRejection> {
        Ok(extensions.get::<Self>().ok_or(LoadError::Missing)?.clone())
    }
}

impl<N> Clone for LazySession<N> {
    fn clone(&self) -> Self {
        Self::new(self.session.clone())
    }
}

impl<N> fmt::Debug for LazySession<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}
