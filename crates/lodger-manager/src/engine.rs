//! The manager as the engine of requests' sessions.

use std::future::Future;
use std::sync::Arc;

use lodger_core::store::BoxFuture;
use lodger_core::{
    Clock, Commit, CommitError, Committed, CookieValue, LoadError, Opened, SessionEngine,
    SessionKey, SessionStore, Settings, StoreError,
};

use crate::SessionManager;
use crate::sync::spawn;

impl<S: SessionStore> SessionEngine for SessionManager<S> {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn presented_key(&self, value: &CookieValue) -> Option<SessionKey> {
        self.admitted_key(value)
    }

    fn load(self: Arc<Self>, value: CookieValue) -> BoxFuture<'static, Result<Opened, LoadError>> {
        Box::pin(async move { self.open(&value).await })
    }

    fn commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> BoxFuture<'static, Result<Committed, CommitError>> {
        Box::pin(self.store_commit(opened, commit))
    }

    fn delete(self: Arc<Self>, key: SessionKey) -> BoxFuture<'static, Result<bool, CommitError>> {
        Box::pin(async move { self.revoke(&key).await })
    }
}

/// Runs a commit in a task of its own, so that a caller who goes away cancels nothing.
pub(crate) async fn detached<T: Send + 'static>(
    work: impl Future<Output = Result<T, CommitError>> + Send + 'static,
) -> Result<T, CommitError> {
    spawn(work).await.unwrap_or_else(|_| Err(interrupted()))
}

/// The task of a commit came to no end, which happens when the runtime shuts down.
pub(crate) fn interrupted() -> CommitError {
    CommitError::Unknown(StoreError::unknown("the commit was interrupted"))
}
