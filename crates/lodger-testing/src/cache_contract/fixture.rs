//! Making a cache for a test, and taking it away afterwards.

use std::future::{Future, ready};

use lodger_core::SessionCache;

use super::Subject;

/// What a test of the suite runs on.
///
/// A [`Subject`] is one that needs no taking away. `None` is one that cannot be had, a server that is
/// not there for instance: the test then passes without having checked anything, so whoever gives
/// `None` must make the skip known.
pub trait Fixture: Send + 'static {
    /// The kind of cache.
    type Cache: SessionCache;

    /// The cache, which must be empty; `None`: the test is skipped.
    fn subject(&self) -> Option<Subject<Self::Cache>>;

    /// Takes away what was made for the test, also when it failed.
    fn close(self) -> impl Future<Output = ()> + Send
    where
        Self: Sized,
    {
        ready(())
    }
}

impl<C: SessionCache> Fixture for Subject<C> {
    type Cache = C;

    fn subject(&self) -> Option<Subject<C>> {
        Some(self.clone())
    }
}

impl<F: Fixture> Fixture for Option<F> {
    type Cache = F::Cache;

    fn subject(&self) -> Option<Subject<F::Cache>> {
        self.as_ref().and_then(F::subject)
    }

    async fn close(self) {
        if let Some(fixture) = self {
            fixture.close().await;
        }
    }
}
