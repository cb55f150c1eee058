//! What a commit asks of the store.

use std::sync::Arc;

use lodger_core::{
    Commit, CommitError, Committed, Opened, Patch, Renewal, Retire, SessionConflict, SessionDict,
    SessionInterrupted, SessionStore,
};

use crate::SessionManager;
use crate::engine::detached;
use crate::group::Base;
use crate::queue::Job;

impl<S: SessionStore> SessionManager<S> {
    pub(crate) async fn store_commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> Result<Committed, CommitError> {
        let Commit { retire, patch, renewal, .. } = commit;
        let idle = patch.is_empty() && retire == Retire::Keep && renewal == Renewal::Never;
        match opened {
            _ if idle => Ok(Committed::Unchanged),
            opened if retire == Retire::Flush => detached(self.flush(opened, patch)).await,
            Opened::Gone { .. } => Err(SessionInterrupted.into()),
            Opened::Live { key, version, stamp, expire_date, dict } => {
                let base = Base { place: self.place(&key), version, stamp, expire_date, dict };
                let cycle = retire == Retire::Cycle;
                self.enqueue(key, Job { base, patch, renewal, cycle }).await
            }
            // A renewal where nothing is stored.
            _ if patch.is_empty() && renewal == Renewal::IfDue => Ok(Committed::Unchanged),
            // Nothing that could be read is stored, so there is nothing to merge with.
            Opened::Fresh | Opened::Undecodable { .. } => {
                detached(async move { self.begin(patched(&patch)?).await }).await
            }
        }
    }

    /// Ends a session; what came after the flush begins another one. If that one cannot be stored, the
    /// session has ended all the same, and ending it again does no harm.
    async fn flush(
        self: Arc<Self>,
        opened: Opened,
        patch: Patch,
    ) -> Result<Committed, CommitError> {
        if let Some(key) = opened.key() {
            self.revoke(key).await?;
        }
        Ok(match self.begin(patched(&patch)?).await? {
            Committed::Unchanged => Committed::Removed,
            committed => committed,
        })
    }

    /// Stores a new session, unless it would be empty.
    pub(crate) async fn begin(&self, dict: SessionDict) -> Result<Committed, CommitError> {
        if dict.is_empty() {
            return Ok(Committed::Unchanged);
        }
        self.create(dict).await.map(Committed::Saved)
    }
}

/// What a patch makes of nothing.
fn patched(patch: &Patch) -> Result<SessionDict, CommitError> {
    let mut dict = SessionDict::new();
    patch.apply(&mut dict).map_err(SessionConflict::from)?;
    Ok(dict)
}
