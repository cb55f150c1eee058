//! Making a store for a test, and taking it away afterwards.

use std::future::{Future, ready};

use lodger_core::SessionStore;

use super::Subject;

/// What a test of the suite runs on.
///
/// A [`Subject`] is one that needs no taking away. `None` is one that cannot be had, a server that is
/// not there for instance: the test then passes without having checked anything, so whoever gives
/// `None` must make the skip known.
pub trait Fixture: Send + 'static {
    /// The kind of store.
    type Store: SessionStore;

    /// The store, which must be empty; `None`: the test is skipped.
    fn subject(&self) -> Option<Subject<Self::Store>>;

    /// Takes away what was made for the test, also when it failed.
    fn close(self) -> impl Future<Output = ()> + Send
    where
        Self: Sized,
    {
        ready(())
    }
}

impl<S: SessionStore> Fixture for Subject<S> {
    type Store = S;

    fn subject(&self) -> Option<Subject<S>> {
        Some(self.clone())
    }
}

impl<F: Fixture> Fixture for Option<F> {
    type Store = F::Store;

    fn subject(&self) -> Option<Subject<F::Store>> {
        self.as_ref().and_then(F::subject)
    }

    async fn close(self) {
        if let Some(fixture) = self {
            fixture.close().await;
        }
    }
}
