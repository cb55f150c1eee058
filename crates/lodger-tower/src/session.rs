//! The loaded session, as a request's handler gets it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;

/// The name of the site's own sessions.
#[derive(Clone, Copy, Debug)]
pub enum Site {}

/// A visitor's session, loaded; everything is done through the [`lodger_core::Session`] that it
/// dereferences to. Clones are the same session.
///
/// `N` names the kind of session, where there are several; see
/// [`SessionLayer::named`](crate::SessionLayer::named).
pub struct Session<N = Site> {
    session: lodger_core::Session,
    name: PhantomData<fn() -> N>,
}

impl<N> Session<N> {
    pub(crate) const fn new(session: lodger_core::Session) -> Self {
        Self { session, name: PhantomData }
    }

    /// The session without its name.
    #[must_use]
    pub fn into_inner(self) -> lodger_core::Session {
        self.session
    }
}

impl<N> Deref for Session<N> {
    type Target = lodger_core::Session;

    fn deref(&self) -> &lodger_core::Session {
        &self.session
    }
}

impl<N> Clone for Session<N> {
    fn clone(&self) -> Self {
        Self::new(self.session.clone())
    }
}

impl<N> fmt::Debug for Session<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.session.fmt(f)
    }
}
