//! The layer.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use lodger_core::SessionEngine;
use tower_layer::Layer;

use crate::{SessionService, Site};

/// Gives every request a handle on its visitor's session.
///
/// `N` names the kind of session; see [`named`](Self::named).
///
/// # Django
///
/// `SessionMiddleware`.
pub struct SessionLayer<N = Site> {
    engine: Arc<dyn SessionEngine>,
    name: PhantomData<fn() -> N>,
}

impl SessionLayer {
    /// A layer for the site's sessions. An `Arc` of a manager will do.
    #[must_use]
    pub fn new(engine: Arc<dyn SessionEngine>) -> Self {
        Self::named(engine)
    }
}

impl<N> SessionLayer<N> {
    /// A layer for sessions of another kind, which stand beside the site's under a cookie of their
    /// own: a type of yours is their name.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use lodger_core::SessionEngine;
    /// use lodger_tower::SessionLayer;
    ///
    /// /// The sessions of the staff, under the cookie `staffid`.
    /// struct Staff;
    ///
    /// fn layer(engine: Arc<dyn SessionEngine>) -> SessionLayer<Staff> {
    ///     SessionLayer::named(engine)
    /// }
    /// ```
    #[must_use]
    pub fn named(engine: Arc<dyn SessionEngine>) -> Self {
        Self { engine, name: PhantomData }
    }
}

impl<S, N> Layer<S> for SessionLayer<N> {
    type Service = SessionService<S, N>;

    fn layer(&self, inner: S) -> Self::Service {
        SessionService::new(inner, Arc::clone(&self.engine))
    }
}

impl<N> Clone for SessionLayer<N> {
    fn clone(&self) -> Self {
        Self::named(Arc::clone(&self.engine))
    }
}

impl<N> fmt::Debug for SessionLayer<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionLayer")
            .field("cookie_name", &self.engine.settings().cookie_name)
            .finish_non_exhaustive()
    }
}
