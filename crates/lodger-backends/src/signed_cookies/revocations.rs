//! The list of the sessions that were ended.

use std::future::Future;
use std::time::Duration;

use lodger_core::{
    AnyStore, Created, SessionData, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Timestamp,
};

/// The identities of the sessions that were ended, in any store.
///
/// A record that is there says that its session has ended; what it holds only tells who ended it.
pub(super) struct Revocations {
    store: AnyStore,
    /// The time that one call may take.
    call: Duration,
}

impl Revocations {
    pub(super) const fn new(store: AnyStore, call: Duration) -> Self {
        Self { store, call }
    }

    /// Whether a session was ended.
    pub(super) async fn hold(&self, id: &StoredKey, now: Timestamp) -> Result<bool, StoreError> {
        Ok(self.find(id, now).await?.is_some())
    }

    /// Ends a session; whether nobody had before. `by` tells this ending from every other; the list
    /// remembers it until `until`.
    pub(super) async fn add(
        &self,
        id: &StoredKey,
        by: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let by = SessionData::from_text(by);
        if self.create(id, &by, until, now).await? {
            return Ok(true);
        }
        if self.hold(id, now).await? {
            return Ok(false);
        }
        // What is in the way was written when cookies lived less long, and has expired.
        self.write(self.store.delete(id)).await?;
        self.create(id, &by, until, now).await
    }

    async fn create(
        &self,
        id: &StoredKey,
        by: &SessionData,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let record =
            SessionRecord { session_key: id.clone(), session_data: by.clone(), expire_date: until };
        match self.write(self.store.create(record, SessionDict::new(), now)).await {
            Ok(created) => Ok(created != Created::Taken),
            // After a lost reply: what is found there is ours if it says so.
            Err(error @ StoreError::Unknown { .. }) => match self.find(id, now).await {
                Ok(Some(found)) => Ok(found == *by),
                _ => Err(error),
            },
            Err(error) => Err(error),
        }
    }

    /// Who ended a session. Asked from where writes are decided, since a copy may not know it yet.
    async fn find(
        &self,
        id: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<SessionData>, StoreError> {
        let load = self.store.load_for_write(id, now);
        let loaded = tokio::time::timeout(self.call, load).await;
        let loaded = loaded.unwrap_or_else(|_| Err(StoreError::unavailable(self.no_answer())))?;
        Ok(loaded.map(|loaded| loaded.record.session_data))
    }

    async fn write<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        let written = tokio::time::timeout(self.call, call).await;
        written.unwrap_or_else(|_| Err(StoreError::unknown(self.no_answer())))
    }

    fn no_answer(&self) -> String {
        format!("the revocation list gave no answer within {:?}", self.call)
    }
}
