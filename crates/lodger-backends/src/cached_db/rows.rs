//! The database's side.

use std::future::Future;

use lodger_core::{SessionStore, StoreError, StoredKey, Timestamp};
use lodger_entity::SessionModel;

use crate::db::DbStore;

/// Rows that decide what is stored.
pub(super) trait Rows: SessionStore {
    /// Whether a live row is under a key.
    fn is_live(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

impl<M: SessionModel> Rows for DbStore<M> {
    async fn is_live(&self, key: &StoredKey, now: Timestamp) -> Result<bool, StoreError> {
        Self::is_live(self, key, now).await
    }
}
