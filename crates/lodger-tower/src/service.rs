//! The service.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::{Request, Response};
use lodger_core::SessionEngine;
use lodger_http::Exchange;
use tower_service::Service;

use crate::{LazySession, ResponseFuture, Site};

/// A service whose requests carry a handle on their visitor's session; made by
/// [`SessionLayer`](crate::SessionLayer).
pub struct SessionService<S, N = Site> {
    inner: S,
    engine: Arc<dyn SessionEngine>,
    name: PhantomData<fn() -> N>,
}

impl<S, N> SessionService<S, N> {
    /// Puts sessions around a service.
    #[must_use]
    pub fn new(inner: S, engine: Arc<dyn SessionEngine>) -> Self {
        Self { inner, engine, name: PhantomData }
    }

    /// The service within.
    pub const fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service within.
    pub const fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// Takes the service out.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, N, B, R> Service<Request<B>> for SessionService<S, N>
where
    S: Service<Request<B>, Response = Response<R>>,
    N: 'static,
    R: Default,
{
    type Response = Response<R>;
    type Error = S::Error;
    type Future = ResponseFuture<S::Future, R, S::Error>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> Self::Future {
        let exchange = Exchange::of(Arc::clone(&self.engine), request.headers());
        request.extensions_mut().insert(LazySession::<N>::new(exchange.session().clone()));
        ResponseFuture::new(self.inner.call(request), exchange)
    }
}

impl<S: Clone, N> Clone for SessionService<S, N> {
    fn clone(&self) -> Self {
        Self::new(self.inner.clone(), Arc::clone(&self.engine))
    }
}

impl<S: fmt::Debug, N> fmt::Debug for SessionService<S, N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionService")
            .field("inner", &self.inner)
            .field("cookie_name", &self.engine.settings().cookie_name)
            .finish_non_exhaustive()
    }
}
