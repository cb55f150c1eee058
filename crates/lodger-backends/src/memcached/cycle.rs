//! Changing the key of a session, which lies under one name and is to lie under another.
//!
//! No command of memcached changes two names. So the record is written under its new key, which nobody
//! knows yet; then the old one is deleted, provided it is still the one that was loaded; then the new
//! key is given out. Where the old one has moved or is gone, the new one is deleted again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_core::{Cycled, StoreError, StoredKey, Timestamp, Version, Write};
use tokio::sync::watch;
use tokio::time::timeout;

use super::client::{Removed, Written};
use super::command::Put;
use super::failure::unnameable;
use super::mark::Mark;
use super::store::{MemcachedStore, live, written};

/// How often a record is deleted that may yet arrive under a key that nobody gets.
const ATTEMPTS: u32 = 20;
/// How long it is waited after each of these: together as long as any commit goes on.
const PAUSE: Duration = Duration::from_millis(250);

/// The new names of the changes that are under way.
///
/// Whoever asks for one waits until it is known what became of the change, so that nobody who lost
/// patience takes the new record for the sign that the old one is dead.
#[derive(Clone, Default)]
pub(super) struct Changes(Arc<Mutex<HashMap<String, watch::Receiver<()>>>>);

/// One change, under way until this is dropped.
struct Change {
    changes: Changes,
    name: String,
    _done: watch::Sender<()>,
}

impl Changes {
    fn names(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn begin(&self, name: &str) -> Change {
        let (done, waiting) = watch::channel(());
        self.names().insert(name.to_owned(), waiting);
        Change { changes: self.clone(), name: name.to_owned(), _done: done }
    }

    /// Waits until no change to this name is under way, so long at most.
    pub(super) async fn settled(&self, name: &str, patience: Duration) -> Result<(), StoreError> {
        let waiting = self.names().get(name).cloned();
        let Some(mut waiting) = waiting else { return Ok(()) };
        // Nothing is ever sent: it ends with the sender.
        match timeout(patience, waiting.changed()).await {
            Ok(_) => Ok(()),
            Err(_) => Err(StoreError::unavailable("a change of the key is not yet settled")),
        }
    }
}

impl Drop for Change {
    fn drop(&mut self) {
        self.changes.names().remove(&self.name);
    }
}

impl MemcachedStore {
    /// Changes the key in a task of its own, so that a caller who goes away leaves nothing half done.
    pub(super) async fn change_key(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let Some(from) = self.name(old) else { return Ok(Cycled::Gone) };
        let to = self.name(new).ok_or_else(unnameable)?;
        let Some(mark) = live(version, now) else {
            let found = self.found_instead(old, &from, now).await?;
            return Ok(found.map_or(Cycled::Gone, Cycled::Moved));
        };
        let Write { session_data, expire_date, .. } = write;
        let put = self.put(&session_data, expire_date, now);
        let (store, old) = (self.clone(), old.clone());
        // Before the task begins, so that there is no moment without it.
        let change = self.changes.begin(&to);
        let task = tokio::spawn(async move {
            match store.rename(&from, mark, change, put).await? {
                Renamed::Done(mark) => Ok(Cycled::Cycled(written(mark, expire_date))),
                Renamed::Taken => Ok(Cycled::Taken),
                Renamed::Gone => Ok(Cycled::Gone),
                Renamed::Moved => {
                    let found = store.found_instead(&old, &from, now).await?;
                    Ok(found.map_or(Cycled::Gone, Cycled::Moved))
                }
            }
        });
        task.await.unwrap_or_else(|_| Err(StoreError::unknown("the change of key was broken off")))
    }

    async fn rename(
        &self,
        from: &str,
        mark: Mark,
        change: Change,
        put: Put,
    ) -> Result<Renamed, StoreError> {
        let written = match self.client.add(&change.name, &put).await {
            Ok(Written::Stored(mark)) => mark,
            Ok(Written::Present | Written::Absent) => return Ok(Renamed::Taken),
            Err(error) => {
                if matches!(error, StoreError::Unknown { .. }) {
                    self.take_back_for_long(change);
                }
                return Err(error);
            }
        };
        let renamed = match self.client.delete(from, Some(mark)).await {
            Ok(Removed::Deleted) => return Ok(Renamed::Done(written)),
            Ok(Removed::Moved) => Ok(Renamed::Moved),
            Ok(Removed::Absent) => Ok(Renamed::Gone),
            Err(error) => Err(error),
        };
        self.take_back(change).await;
        renamed
    }

    /// Deletes the record under a new key that nobody gets to know; if the server does not say that it
    /// did, it is asked again for a while.
    async fn take_back(&self, change: Change) {
        if self.client.delete(&change.name, None).await.is_err() {
            self.take_back_for_long(change);
        }
    }

    /// Deletes it again and again for a while, since it may be on its way still; until then the change
    /// is under way.
    fn take_back_for_long(&self, change: Change) {
        let client = self.client.clone();
        tokio::spawn(async move {
            for _ in 0..ATTEMPTS {
                // Whether it succeeded or not, the next one is to come.
                let _ = client.delete(&change.name, None).await;
                tokio::time::sleep(PAUSE).await;
            }
        });
    }
}

/// What became of a change.
enum Renamed {
    Done(Option<Mark>),
    Taken,
    Gone,
    Moved,
}
