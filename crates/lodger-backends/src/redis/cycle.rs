//! Changing the key of a session.

use std::time::Duration;

use lodger_core::{Cycled, StoreError, StoredKey, Timestamp, Version, Write};

use super::question::Verdict;
use super::script::{CYCLE, REMOVE};
use super::store::{RedisStore, unnameable};
use super::value::{millis, version};
use crate::cache_layout::time_to_live;
use crate::settling::Unsettled;

/// How often it is tried to take back a new record, before it is left to its lifetime.
const ATTEMPTS: u32 = 5;
const REST: Duration = Duration::from_millis(100);

/// A record under a new key in the place of one under another.
struct Move {
    old: String,
    held: Vec<u8>,
    new: String,
    value: Vec<u8>,
    lifetime: Duration,
}

/// What is removed of the new record. Where a session keeps its key for the visitor, others may have
/// found it, and have written to it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Only what was put there: the session goes on.
    Ours,
    /// Whatever is there: the session has ended.
    Anything,
}

impl RedisStore {
    pub(super) async fn change_key(
        &self,
        old: &StoredKey,
        stated: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        use lodger_core::SessionStore;
        let Some(name) = self.layout.name(old) else { return Ok(Cycled::Gone) };
        let Some((held, _)) = self.stated(stated, now) else {
            return Ok(self.load(old, now).await?.map_or(Cycled::Gone, Cycled::Moved));
        };
        let change = Move {
            old: name,
            held: held.to_vec(),
            new: self.layout.name(new).ok_or_else(unnameable)?,
            value: self.layout.record(write.expire_date, &write.session_data),
            lifetime: time_to_live(write.expire_date, now),
        };
        let value = change.value.clone();
        let verdict = if self.servers.is_cluster() || self.replicas.is_some() {
            self.in_steps(change).await?
        } else {
            let Move { old, held, new, value, lifetime } = &change;
            self.write(&CYCLE, &[old, new], &[held, value, &millis(*lifetime)]).await?
        };
        match verdict {
            Verdict::Done => Ok(Cycled::Cycled(Some(version(value)))),
            Verdict::Taken => Ok(Cycled::Taken),
            other => Ok(self.found(old, other, now)?.map_or(Cycled::Gone, Cycled::Moved)),
        }
    }

    /// The same where the two names may lie on different servers, or the new one has to be taken back
    /// if replicas do not know of the old one's end: in a task, so that a caller who gives up leaves
    /// nothing half done.
    async fn in_steps(&self, change: Move) -> Result<Verdict, StoreError> {
        let store = self.clone();
        // Before the task begins, so that there is no moment without it.
        let unsettled = self.settling.begin(&change.new);
        let task = tokio::spawn(async move { store.step_by_step(&change, unsettled).await });
        // It does not panic, but the runtime may be shutting down.
        task.await.map_err(|_| StoreError::unknown("the change of key was interrupted"))?
    }

    /// The new record is live from the first step on, but nobody is told its key until the old one is
    /// surely dead.
    async fn step_by_step(
        &self,
        change: &Move,
        unsettled: Unsettled,
    ) -> Result<Verdict, StoreError> {
        let Move { old, held, new, value, lifetime } = change;
        match self.set(new, value, &millis(*lifetime), Some("NX")).await {
            Ok(true) => {}
            Ok(false) => return Ok(Verdict::Taken),
            Err(StoreError::Unknown { reason }) => {
                self.take_back(change, unsettled, Extent::Ours).await;
                // The old record was not touched.
                return Err(StoreError::unavailable(reason));
            }
            Err(error) => return Err(error),
        }
        let removed = self.end(&REMOVE, &[old], &[held]).await;
        match &removed {
            Ok(Verdict::Done) => {}
            Ok(Verdict::Nothing) => self.take_back(change, unsettled, Extent::Anything).await,
            _ => self.take_back(change, unsettled, Extent::Ours).await,
        }
        removed
    }

    /// Removes the record that nobody was told of.
    async fn take_back(&self, change: &Move, unsettled: Unsettled, extent: Extent) {
        if extent == Extent::Anything && self.remove(&change.new).await.is_ok() {
            return;
        }
        for attempt in 1..=ATTEMPTS {
            if self.write(&REMOVE, &[&change.new], &[&change.value]).await.is_ok() {
                return;
            }
            tokio::time::sleep(REST * attempt).await;
        }
        unsettled.give_up(change.lifetime);
    }
}
