//! A store that does one thing wrong.

use std::time::Duration;

use lodger_core::{
    AnyStore, Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, Span,
    StoreError, StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

use super::Defect;
use super::past::Past;

/// A store, and what is wrong with it.
pub(super) struct FlawedStore {
    store: AnyStore,
    defect: Defect,
    past: Past,
}

impl FlawedStore {
    pub(super) fn new(store: AnyStore, defect: Defect) -> Self {
        Self { store, defect, past: Past::default() }
    }

    /// Whether this is the defect, and it is time for it.
    fn now_and_then(&self, defect: Defect) -> bool {
        self.defect == defect && self.past.now_and_then()
    }

    fn forever(&self, now: Timestamp, expire_date: Timestamp) -> Timestamp {
        let ignored = self.defect == Defect::DeadlineIgnored;
        if ignored { now + Span::from_secs(3600) } else { expire_date }
    }

    /// Writes without looking, and makes what is not there if `upserts`.
    async fn overwrite(
        &self,
        key: &StoredKey,
        write: Write,
        now: Timestamp,
        upserts: bool,
    ) -> Result<Swapped, StoreError> {
        loop {
            let found = self.store.load_for_write(key, now).await?;
            let Some(version) = found.and_then(|loaded| loaded.version) else {
                if !upserts {
                    return Ok(Swapped::Gone);
                }
                // What has expired holds its key.
                self.store.delete(key).await?;
                match self.put(key, write.clone(), now).await? {
                    Created::Created(version) => return Ok(Swapped::Swapped(version)),
                    Created::Taken => continue,
                }
            };
            let swapped = self.store.swap(key, &version, write.clone(), now).await?;
            if let Swapped::Swapped(version) = swapped {
                return Ok(Swapped::Swapped(version));
            }
        }
    }

    async fn put(
        &self,
        key: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let Write { session_data, expire_date, fields } = write;
        let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
        self.store.create(record, fields, now).await
    }

    /// What stands in the way of a change of key, if anything does.
    async fn obstacle(
        &self,
        old: &StoredKey,
        version: &Version,
        now: Timestamp,
    ) -> Result<Option<Cycled>, StoreError> {
        Ok(match self.store.load_for_write(old, now).await? {
            None => Some(Cycled::Gone),
            Some(loaded) if loaded.version.as_ref() != Some(version) => Some(Cycled::Moved(loaded)),
            Some(_) => None,
        })
    }
}

impl SessionStore for FlawedStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        if self.now_and_then(Defect::ErrorAsAbsent) {
            return Ok(None);
        }
        if self.defect == Defect::StaleReplica
            && let Some(copied) = self.past.replica(key)
        {
            return Ok(copied.map(|record| Loaded { record, version: None, decoded: None }));
        }
        let expired = self.defect == Defect::ExpiredLoaded;
        let now = if expired { now - Span::from_secs(3600) } else { now };
        let mut loaded = self.store.load(key, now).await?;
        self.past.remember(key, loaded.as_ref().map(|loaded| loaded.record.clone()));
        if self.now_and_then(Defect::CrossTalk)
            && let (Some(loaded), Some(other)) = (&mut loaded, self.past.of_another(key))
        {
            loaded.record.session_data = other.session_data;
            loaded.decoded = None;
        }
        Ok(loaded)
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        self.store.load_for_write(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        if self.now_and_then(Defect::CreateDropped) {
            return Ok(Created::Created(None));
        }
        let expire_date = self.forever(now, record.expire_date);
        let record = SessionRecord { expire_date, ..record };
        let created = self.store.create(record.clone(), fields.clone(), now).await?;
        if self.defect == Defect::CreateOverwrites && created == Created::Taken {
            self.store.delete(&record.session_key).await?;
            return self.store.create(record, fields, now).await;
        }
        Ok(created)
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        if self.now_and_then(Defect::SaveDropped) {
            return Ok(Swapped::Swapped(Some(version.clone())));
        }
        let expire_date = self.forever(now, write.expire_date);
        let write = Write { expire_date, ..write };
        let swapped = match self.defect {
            Defect::BlindUpsert => self.overwrite(key, write, now, true).await?,
            Defect::SwapIgnoresVersion => self.overwrite(key, write, now, false).await?,
            _ => self.store.swap(key, version, write, now).await?,
        };
        match swapped {
            Swapped::Gone if self.defect == Defect::GoneAcknowledged => Ok(Swapped::Swapped(None)),
            Swapped::Swapped(_) if self.now_and_then(Defect::FailedApplied) => {
                Err(StoreError::unavailable("it was done all the same"))
            }
            swapped => Ok(swapped),
        }
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let expire_date = self.forever(now, expire_date);
        let touched = self.store.touch(key, version, expire_date, now).await?;
        if let (Touched::Gone, Defect::TouchUpserts) = (&touched, self.defect)
            && let Some(record) = self.past.of(key)
        {
            let record = SessionRecord { expire_date, ..record };
            self.store.create(record, SessionDict::new(), now).await?;
            return Ok(Touched::Touched(None));
        }
        Ok(touched)
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let expire_date = self.forever(now, write.expire_date);
        let write = Write { expire_date, ..write };
        let leaves_old = self.defect == Defect::CycleLeavesOld;
        if leaves_old || self.defect == Defect::CycleHandsOutDead {
            if let Some(obstacle) = self.obstacle(old, version, now).await? {
                return Ok(obstacle);
            }
            if leaves_old {
                self.put(new, write, now).await?;
            } else {
                self.store.delete(old).await?;
            }
            return Ok(Cycled::Cycled(None));
        }
        if self.defect == Defect::CycleWinsTwice {
            self.store.delete(old).await?;
            self.put(new, write, now).await?;
            return Ok(Cycled::Cycled(None));
        }
        self.store.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        if self.defect == Defect::RevokeEarly {
            let (store, key) = (self.store.clone(), key.clone());
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(20)).await;
                store.delete(&key).await
            });
            return Ok(true);
        }
        self.store.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.store.clear_expired(now, limit, cursor).await
    }
}
