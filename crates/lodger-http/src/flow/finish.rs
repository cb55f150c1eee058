//! When the verdict is there.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use super::Verdict;

/// The end of an exchange: at once, or when the session is stored.
#[derive(Debug)]
#[must_use = "the response needs the verdict"]
pub enum Finish {
    /// Nothing had to be stored.
    Done(Verdict),
    /// The session is being stored; the response is to wait.
    Commit(Committing),
}

/// A session on its way to the store.
#[must_use = "nothing is stored unless it is polled"]
pub struct Committing(Pin<Box<dyn Future<Output = Verdict> + Send>>);

impl Committing {
    pub(super) fn new(future: impl Future<Output = Verdict> + Send + 'static) -> Self {
        Self(Box::pin(future))
    }
}

impl Future for Committing {
    type Output = Verdict;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Verdict> {
        self.0.as_mut().poll(cx)
    }
}

impl fmt::Debug for Committing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Committing").finish_non_exhaustive()
    }
}
