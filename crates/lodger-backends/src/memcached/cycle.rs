//! Changing the key of a session, which lies under one name and is to lie under another.
//!
//! No command of memcached changes two names. So the record is written under its new key, which nobody
//! knows yet; then the old one is deleted, provided it is still the one that was loaded; then the new
//! key is given out. Where the old one has moved or is gone, the new one is deleted again.

use std::time::Duration;

use lodger_core::{Cycled, StoreError, StoredKey, Timestamp, Version, Write};

use super::client::{Removed, Written};
use super::command::Put;
use super::failure::unnameable;
use super::mark::Mark;
use super::store::{MemcachedStore, live, written};
use crate::settling::Unsettled;

/// How often a record is deleted that may yet arrive under a key that nobody gets.
const ATTEMPTS: u32 = 20;
/// How long it is waited after each of these: together as long as any commit goes on.
const PAUSE: Duration = Duration::from_millis(250);

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
        let change = self.settling.begin(&to);
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
        change: Unsettled,
        put: Put,
    ) -> Result<Renamed, StoreError> {
        let written = match self.client.add(&change.name, &put).await {
            Ok(Written::Stored(mark)) => mark,
            Ok(Written::Present | Written::Absent) => return Ok(Renamed::Taken),
            Err(error) => {
                if matches!(error, StoreError::Unknown { .. }) {
                    self.take_back_for_long(change, put.value);
                }
                return Err(error);
            }
        };
        let renamed = match self.client.delete(from, Some(mark)).await {
            Ok(Removed::Deleted) => return Ok(Renamed::Done(written)),
            Ok(Removed::Moved) => Ok(Renamed::Moved),
            // The session has ended, even if others have found the new record and have written to it.
            Ok(Removed::Absent) => match self.client.delete(&change.name, None).await {
                Ok(_) => return Ok(Renamed::Gone),
                Err(_) => Ok(Renamed::Gone),
            },
            Err(error) => Err(error),
        };
        if self.take_back(&change.name, &put.value).await.is_err() {
            self.take_back_for_long(change, put.value);
        }
        renamed
    }

    /// Deletes the record under a new key if it is what was put there. Where a session keeps its key for
    /// the visitor, another process may have found it, and have moved or changed the session since.
    async fn take_back(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        match self.client.get(name).await? {
            Some(item) if item.value == value => {
                self.client.delete(name, Some(item.mark)).await.map(|_| ())
            }
            _ => Ok(()),
        }
    }

    /// Takes it back again and again for a while, since it may be on its way still; until then the change
    /// is under way.
    fn take_back_for_long(&self, change: Unsettled, value: Vec<u8>) {
        let store = self.clone();
        tokio::spawn(async move {
            for _ in 0..ATTEMPTS {
                // Whether it succeeded or not, the next one is to come.
                let _ = store.take_back(&change.name, &value).await;
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
