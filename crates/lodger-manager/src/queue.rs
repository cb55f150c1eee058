//! One worker for each key that is being written.
//!
//! A commit that arrives while another one of the same session is under way waits for it, and all
//! that waited go together. Nobody waits when nobody else is there.

use std::collections::HashMap;
use std::sync::Arc;

use lodger_core::{CommitError, Committed, OnConflict, Patch, Renewal, SessionKey, SessionStore};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::SessionManager;
use crate::engine::interrupted;
use crate::group::Base;
use crate::sync::{Mutex, MutexGuard, PoisonError, spawn};

/// A commit of a stored session.
pub(crate) struct Job {
    pub(crate) base: Base,
    pub(crate) patch: Patch,
    pub(crate) renewal: Renewal,
    pub(crate) cycle: bool,
}

/// A job, and who waits for it.
pub(crate) struct Waiting {
    pub(crate) job: Job,
    pub(crate) deadline: Instant,
    reply: oneshot::Sender<Result<Committed, CommitError>>,
}

impl Waiting {
    pub(crate) fn answer(self, result: Result<Committed, CommitError>) {
        // Whoever waited may be gone; the work is done all the same.
        let _ = self.reply.send(result);
    }
}

/// Who waits for which key.
///
/// # Internal invariant
///
/// A key is in the map exactly as long as a worker runs for it.
#[derive(Default)]
pub(crate) struct Queue(Mutex<HashMap<SessionKey, Vec<Waiting>>>);

impl Queue {
    fn lock(&self) -> MutexGuard<'_, HashMap<SessionKey, Vec<Waiting>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes in a job; gives it back to be worked on if no worker runs for the key.
    fn join(&self, key: &SessionKey, waiting: Waiting) -> Option<Waiting> {
        let mut keys = self.lock();
        match keys.get_mut(key) {
            Some(line) => {
                line.push(waiting);
                None
            }
            None => {
                keys.insert(key.clone(), Vec::new());
                Some(waiting)
            }
        }
    }

    /// All that came in meanwhile; if there is nobody, the worker is done.
    fn next(&self, key: &SessionKey) -> Vec<Waiting> {
        let mut keys = self.lock();
        let line = keys.get_mut(key).map(std::mem::take).unwrap_or_default();
        if line.is_empty() {
            keys.remove(key);
        }
        line
    }
}

/// Serves a key's line, and takes the key out of the queue however it ends: also if the runtime goes
/// away before it began.
struct Worker<S: SessionStore> {
    manager: Arc<SessionManager<S>>,
    key: SessionKey,
    finished: bool,
}

impl<S: SessionStore> Drop for Worker<S> {
    fn drop(&mut self) {
        if !self.finished {
            // Those in line learn it from their dropped reply.
            self.manager.queue.lock().remove(&self.key);
        }
    }
}

impl<S: SessionStore> Worker<S> {
    async fn work(mut self, first: Waiting) {
        let mut base = first.job.base.clone();
        let mut line = vec![first];
        let merges = self.manager.settings.on_conflict == OnConflict::Merge;
        while !line.is_empty() {
            for group in split(line, merges) {
                if !merges {
                    // Each stands on what its own request has loaded.
                    base = group[0].job.base.clone();
                }
                base = self.manager.write_group(&self.key, base, group).await;
            }
            line = self.manager.queue.next(&self.key);
        }
        self.finished = true;
    }
}

impl<S: SessionStore> SessionManager<S> {
    /// Has a job done in its turn.
    pub(crate) async fn enqueue(
        self: Arc<Self>,
        key: SessionKey,
        job: Job,
    ) -> Result<Committed, CommitError> {
        let (reply, answer) = oneshot::channel();
        let deadline = self.deadline();
        let first = self.queue.join(&key, Waiting { job, deadline, reply });
        if let Some(first) = first {
            let worker = Worker { manager: self, key, finished: false };
            spawn(worker.work(first));
        }
        answer.await.unwrap_or_else(|_| Err(interrupted()))
    }
}

#[cfg(lodger_shuttle)]
impl<S: SessionStore> SessionManager<S> {
    /// Whether no worker runs: what the schedules of `cargo xtask schedules` are to end with.
    #[doc(hidden)]
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.queue.lock().is_empty()
    }
}

/// Groups neighbours that can go as one write. A change of key goes alone: what stands behind it finds
/// the old key dead.
fn split(line: Vec<Waiting>, merges: bool) -> Vec<Vec<Waiting>> {
    let mut groups: Vec<Vec<Waiting>> = Vec::new();
    for waiting in line {
        let cycles = |group: &Vec<Waiting>| group[0].job.cycle || waiting.job.cycle;
        let joins = merges && groups.last().is_some_and(|group| !cycles(group));
        match groups.last_mut() {
            Some(group) if joins => group.push(waiting),
            _ => groups.push(vec![waiting]),
        }
    }
    groups
}
