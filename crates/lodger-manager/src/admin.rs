//! The administrator's save.

use lodger_core::{
    CommitError, Created, Loaded, SessionDict, SessionKey, SessionRecord, SessionStore, StoredKey,
    Swapped, Timestamp, Write,
};
use tokio::time::Instant;

use crate::SessionManager;

impl<S: SessionStore> SessionManager<S> {
    /// Stores data under a key of the caller's choice, whether or not something is there, and gives
    /// the record; an empty dict deletes the record instead and gives `None`.
    ///
    /// For administration, imports and tests, never on a request's way: it overwrites what others
    /// saved and brings to life what was dead, so promises 1 and 4 do not hold for it. An
    /// `expire_date` in the past is accepted; the session is then never loaded.
    ///
    /// # Errors
    ///
    /// When the data cannot be encoded, the store failed, or others kept changing the record until
    /// the deadline.
    ///
    /// # Cancel safety
    ///
    /// When dropped, what is stored is the old or the new record, or none if the old one had
    /// expired.
    ///
    /// # Django
    ///
    /// `Session.objects.save(session_key, session_dict, expire_date)`.
    pub async fn save(
        &self,
        session_key: &SessionKey,
        session_dict: &SessionDict,
        expire_date: Timestamp,
    ) -> Result<Option<SessionRecord>, CommitError> {
        if session_dict.is_empty() {
            self.remove(session_key).await?;
            return Ok(None);
        }
        let key = self.place(session_key);
        let record = self.put(&key, session_dict, expire_date).await?;
        self.remove_remains(session_key, &key).await?;
        Ok(Some(record))
    }

    /// Stores data whether or not something is there.
    async fn put(
        &self,
        key: &StoredKey,
        session_dict: &SessionDict,
        expire_date: Timestamp,
    ) -> Result<SessionRecord, CommitError> {
        let deadline = self.deadline();
        while Instant::now() < deadline {
            let now = self.clock.now();
            let loaded = self.read(self.store.load_for_write(key, now)).await?;
            let stored_stamp = loaded.as_ref().and_then(|loaded| self.stamp(loaded));
            let (write, _) = self.prepare(key, session_dict, stored_stamp, now)?;
            let write = Write { expire_date, ..write };
            let record = SessionRecord {
                session_key: key.clone(),
                session_data: write.session_data.clone(),
                expire_date,
            };
            let stored = match loaded.and_then(|loaded| loaded.version) {
                Some(version) => {
                    let swapped = self.write(self.store.swap(key, &version, write, now)).await?;
                    matches!(swapped, Swapped::Swapped(_))
                }
                None => self.insert(record.clone(), write, now).await?,
            };
            if stored {
                return Ok(record);
            }
        }
        Err(CommitError::Contended)
    }

    /// Stores a record where nothing live is; an expired one makes room.
    async fn insert(
        &self,
        record: SessionRecord,
        write: Write,
        now: Timestamp,
    ) -> Result<bool, CommitError> {
        let create = |record| self.write(self.store.create(record, write.fields.clone(), now));
        if create(record.clone()).await? != Created::Taken {
            return Ok(true);
        }
        if self.read(self.store.load(&record.session_key, now)).await?.is_none() {
            self.write(self.store.delete(&record.session_key)).await?;
        }
        Ok(create(record).await? != Created::Taken)
    }

    fn stamp(&self, loaded: &Loaded) -> Option<i64> {
        let SessionRecord { session_key, session_data, .. } = &loaded.record;
        self.decode_stored(session_key, session_data).ok()?.stamp
    }
}
