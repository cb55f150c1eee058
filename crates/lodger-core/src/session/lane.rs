//! One load or commit of a handle at a time.

use async_lock::{Mutex, MutexGuard};

use super::document::Taken;
use crate::CommitError;
use crate::engine::Committed;
use crate::store::BoxFuture;

type Outcome = Result<Committed, CommitError>;

/// One commit at a time. A commit whose caller was dropped stays here, and whoever comes next sees
/// it through first: nothing is stored twice, and nothing is forgotten.
#[derive(Default)]
pub(super) struct Lane(Mutex<Option<Pending>>);

struct Pending {
    future: BoxFuture<'static, Outcome>,
    taken: Taken,
}

impl Lane {
    /// Waits for the right to load or commit.
    pub(super) async fn lock(&self) -> Turn<'_> {
        Turn(self.0.lock().await)
    }
}

/// The right to load or commit.
pub(super) struct Turn<'a>(MutexGuard<'a, Option<Pending>>);

impl Turn<'_> {
    /// Puts a commit on its way; nothing happens before it is [finished](Self::finish).
    pub(super) fn begin(&mut self, future: BoxFuture<'static, Outcome>, taken: Taken) {
        *self.0 = Some(Pending { future, taken });
    }

    /// Sees the pending commit through, if there is one, and gives what came of it.
    pub(super) async fn finish(&mut self) -> Option<(Taken, Outcome)> {
        let outcome = self.0.as_mut()?.future.as_mut().await;
        self.0.take().map(|pending| (pending.taken, outcome))
    }
}
