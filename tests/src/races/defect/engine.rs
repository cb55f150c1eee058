//! An engine that sends again what may have been applied.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lodger_core::engine::Retire;
use lodger_core::store::BoxFuture;
use lodger_core::{
    Clock, Commit, CommitError, Committed, CookieValue, LoadError, Opened, SessionEngine,
    SessionKey, Settings,
};

/// Commits every seventh change twice.
pub(super) struct ResendingEngine {
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) commits: AtomicU64,
}

impl SessionEngine for ResendingEngine {
    fn settings(&self) -> &Settings {
        self.engine.settings()
    }

    fn clock(&self) -> &dyn Clock {
        self.engine.clock()
    }

    fn presented_key(&self, value: &CookieValue) -> Option<SessionKey> {
        self.engine.presented_key(value)
    }

    fn load(self: Arc<Self>, value: CookieValue) -> BoxFuture<'static, Result<Opened, LoadError>> {
        Arc::clone(&self.engine).load(value)
    }

    fn commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> BoxFuture<'static, Result<Committed, CommitError>> {
        Box::pin(async move {
            let again = self.commits.fetch_add(1, Ordering::Relaxed) % 7 == 6;
            let first = Arc::clone(&self.engine).commit(opened, commit.clone()).await?;
            match &first {
                Committed::Saved(saved) if again && commit.retire == Retire::Keep => {
                    Arc::clone(&self.engine).commit(saved.opened.clone(), commit).await
                }
                _ => Ok(first),
            }
        })
    }

    fn delete(self: Arc<Self>, key: SessionKey) -> BoxFuture<'static, Result<bool, CommitError>> {
        Arc::clone(&self.engine).delete(key)
    }
}
