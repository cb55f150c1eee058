//! Calls to the store, each with its deadline.

use std::future::Future;

use lodger_core::{Loaded, SessionKey, SessionStore, StoreError, StoredKey};

use crate::SessionManager;
use crate::sync::timeout;

impl<S: SessionStore> SessionManager<S> {
    /// A call that changes nothing: without an answer in time, surely nothing was applied.
    pub(crate) async fn read<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match timeout(self.settings.limits.store_call, call).await {
            Ok(result) => result,
            Err(_) => Err(StoreError::unavailable(self.no_answer())),
        }
    }

    /// The live record under a key.
    pub(crate) async fn look_up(&self, key: &SessionKey) -> Result<Option<Loaded>, StoreError> {
        self.read(self.store.load(&StoredKey::from(key), self.clock.now())).await
    }

    /// The same for who is about to write.
    pub(crate) async fn look_up_for_write(
        &self,
        key: &SessionKey,
    ) -> Result<Option<Loaded>, StoreError> {
        self.read(self.store.load_for_write(&StoredKey::from(key), self.clock.now())).await
    }

    /// A call that changes something: without an answer in time, it may have been applied.
    pub(crate) async fn write<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>>,
    ) -> Result<T, StoreError> {
        match timeout(self.settings.limits.store_call, call).await {
            Ok(result) => result,
            Err(_) => Err(StoreError::unknown(self.no_answer())),
        }
    }

    fn no_answer(&self) -> String {
        format!("no answer within {:?}", self.settings.limits.store_call)
    }
}
