//! One worker for each key that is being written.
//!
//! A commit that arrives while another one of the same session is under way waits for it, and all
//! that waited go together. Nobody waits when nobody else is there.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lodger_core::{CommitError, Patch, Saved, SessionKey, SessionStore};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::SessionManager;
use crate::engine::interrupted;
use crate::group::Base;

/// A commit of a stored session.
pub(crate) struct Job {
    pub(crate) base: Base,
    pub(crate) patch: Patch,
    pub(crate) cycle: bool,
}

/// A job, and who waits for it.
pub(crate) struct Waiting {
    pub(crate) job: Job,
    pub(crate) deadline: Instant,
    reply: oneshot::Sender<Result<Saved, CommitError>>,
}

impl Waiting {
    pub(crate) fn answer(self, result: Result<Saved, CommitError>) {
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

/// Takes a key out of the queue however its worker ends.
struct Worker<'a> {
    queue: &'a Queue,
    key: &'a SessionKey,
    finished: bool,
}

impl Drop for Worker<'_> {
    fn drop(&mut self) {
        if !self.finished {
            // Those in line learn it from their dropped reply.
            self.queue.lock().remove(self.key);
        }
    }
}

impl<S: SessionStore> SessionManager<S> {
    /// Has a job done in its turn.
    pub(crate) async fn enqueue(
        self: Arc<Self>,
        key: SessionKey,
        job: Job,
    ) -> Result<Saved, CommitError> {
        let (reply, answer) = oneshot::channel();
        let deadline = Instant::now() + self.settings.limits.commit;
        let first = self.queue.join(&key, Waiting { job, deadline, reply });
        if let Some(first) = first {
            tokio::spawn(async move { self.work(key, first).await });
        }
        answer.await.unwrap_or_else(|_| Err(interrupted()))
    }

    async fn work(&self, key: SessionKey, first: Waiting) {
        let mut worker = Worker { queue: &self.queue, key: &key, finished: false };
        let mut base = first.job.base.clone();
        let mut line = vec![first];
        while !line.is_empty() {
            // A change of key goes alone: what stands behind it finds the old key dead.
            for group in split(line) {
                base = self.write_group(&key, base, group).await;
            }
            line = self.queue.next(&key);
        }
        worker.finished = true;
    }
}

/// Groups neighbours that can go as one write.
fn split(line: Vec<Waiting>) -> Vec<Vec<Waiting>> {
    let mut groups: Vec<Vec<Waiting>> = Vec::new();
    for waiting in line {
        let joins = groups.last().is_some_and(|group| !group[0].job.cycle && !waiting.job.cycle);
        match groups.last_mut() {
            Some(group) if joins => group.push(waiting),
            _ => groups.push(vec![waiting]),
        }
    }
    groups
}
