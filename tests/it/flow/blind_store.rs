//! A store that breaks the contract, to see that the tests would notice.

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

/// Swaps whatever is there and creates what is not, as an upsert would.
pub(crate) struct BlindStore<S>(pub(crate) S);

impl<S: SessionStore> SessionStore for BlindStore<S> {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.0.load(key, now).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.0.create(record, fields, now).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let mut found = self.0.swap(key, version, write.clone(), now).await?;
        while let Swapped::Moved(Loaded { version: Some(present), .. }) = &found {
            found = self.0.swap(key, present, write.clone(), now).await?;
        }
        if matches!(found, Swapped::Gone) {
            let Write { session_data, expire_date, fields } = write;
            let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
            self.0.create(record, fields, now).await?;
            return Ok(Swapped::Swapped(None));
        }
        Ok(found)
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.0.touch(key, version, expire_date, now).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.0.cycle(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.0.clear_expired(now, limit, cursor).await
    }
}
