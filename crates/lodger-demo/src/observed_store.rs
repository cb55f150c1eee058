//! A store that is watched.

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use lodger::core::{
    Created, Cursor, Cycled, Loaded, SessionRecord, SessionStore, StoredKey, Swapped, Swept,
    Touched, Version, Write,
};
use lodger::{SessionDict, StoreError, Timestamp};

use crate::journal::{Call, Entry, Journal};

/// A store that notes down in a journal what it is asked for single sessions.
pub(crate) struct ObservedStore<S> {
    store: S,
    journal: Arc<Journal>,
}

impl<S: SessionStore> ObservedStore<S> {
    pub(crate) const fn new(store: S, journal: Arc<Journal>) -> Self {
        Self { store, journal }
    }

    async fn note<T>(
        &self,
        call: Call,
        keys: &[&StoredKey],
        answer: impl Future<Output = Result<T, StoreError>>,
        name: impl FnOnce(&T) -> &'static str,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let result = answer.await;
        let outcome = match &result {
            Ok(answer) => name(answer),
            Err(StoreError::Unknown { .. }) => "unknown",
            Err(_) => "unavailable",
        };
        let keys = keys.iter().copied().cloned().collect();
        self.journal.note(Entry { call, outcome, duration: start.elapsed(), keys });
        result
    }
}

impl<S: SessionStore> SessionStore for ObservedStore<S> {
    fn has_django_layout(&self) -> bool {
        self.store.has_django_layout()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        let answer = self.store.load(key, now);
        self.note(Call::Load, &[key], answer, |loaded| match loaded {
            Some(_) => "found",
            None => "absent",
        })
        .await
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        let answer = self.store.load_for_write(key, now);
        self.note(Call::Load, &[key], answer, |loaded| match loaded {
            Some(_) => "found",
            None => "absent",
        })
        .await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let key = record.session_key.clone();
        let answer = self.store.create(record, fields, now);
        self.note(Call::Create, &[&key], answer, |created| match created {
            Created::Created(_) => "created",
            Created::Taken => "taken",
        })
        .await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let answer = self.store.swap(key, version, write, now);
        self.note(Call::Swap, &[key], answer, |swapped| match swapped {
            Swapped::Swapped(_) => "swapped",
            Swapped::Moved(_) => "moved",
            Swapped::Gone => "gone",
        })
        .await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let answer = self.store.touch(key, version, expire_date, now);
        self.note(Call::Touch, &[key], answer, |touched| match touched {
            Touched::Touched(_) => "touched",
            Touched::Moved(_) => "moved",
            Touched::Gone => "gone",
        })
        .await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let answer = self.store.cycle(old, version, new, write, now);
        self.note(Call::Cycle, &[old, new], answer, |cycled| match cycled {
            Cycled::Cycled(_) => "cycled",
            Cycled::Moved(_) => "moved",
            Cycled::Gone => "gone",
            Cycled::Taken => "taken",
        })
        .await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let answer = self.store.delete(key);
        self.note(Call::Delete, &[key], answer, |removed| match removed {
            true => "removed",
            false => "absent",
        })
        .await
    }

    /// Not noted: it is about no session in particular.
    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.store.clear_expired(now, limit, cursor).await
    }
}

#[cfg(test)]
mod tests {
    use lodger::core::SessionData;
    use lodger::memory::MemoryStore;

    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
    const LATER: Timestamp = Timestamp::from_secs(1_700_000_100);

    fn key(name: &str) -> StoredKey {
        StoredKey::from(name.to_owned())
    }

    fn write() -> Write {
        let session_data = SessionData::from_text("data");
        Write { session_data, expire_date: LATER, fields: SessionDict::new() }
    }

    fn record(name: &str) -> SessionRecord {
        let Write { session_data, expire_date, .. } = write();
        SessionRecord { session_key: key(name), session_data, expire_date }
    }

    #[tokio::test]
    async fn every_call_for_a_session_is_noted_with_its_outcome_and_keys() {
        let journal = Arc::new(Journal::default());
        let store = ObservedStore::new(MemoryStore::default(), Arc::clone(&journal));
        let mark = journal.mark();
        let (old, new) = (key("the old key"), key("the new key"));
        assert!(store.load(&old, NOW).await.unwrap().is_none());
        for _ in 0..2 {
            store.create(record("the old key"), SessionDict::new(), NOW).await.unwrap();
        }
        let version = store.load(&old, NOW).await.unwrap().unwrap().version.unwrap();
        store.touch(&old, &version, LATER, NOW).await.unwrap();
        store.swap(&new, &version, write(), NOW).await.unwrap();
        let version = store.load(&old, NOW).await.unwrap().unwrap().version.unwrap();
        store.cycle(&old, &version, &new, write(), NOW).await.unwrap();
        for _ in 0..2 {
            store.delete(&new).await.unwrap();
        }

        let noted = |name: &str| -> Vec<(Call, &'static str)> {
            let entries = journal.since(mark, &[key(name)]);
            entries.iter().map(|entry| (entry.call, entry.outcome)).collect()
        };
        assert_eq!(
            noted("the old key"),
            [
                (Call::Load, "absent"),
                (Call::Create, "created"),
                (Call::Create, "taken"),
                (Call::Load, "found"),
                (Call::Touch, "touched"),
                (Call::Load, "found"),
                (Call::Cycle, "cycled"),
            ]
        );
        assert_eq!(
            noted("the new key"),
            [
                (Call::Swap, "gone"),
                (Call::Cycle, "cycled"),
                (Call::Delete, "removed"),
                (Call::Delete, "absent"),
            ]
        );
    }
}
