//! Calls to the store, each with its deadline.

use std::future::Future;
use std::time::Duration;

use lodger_core::{SessionStore, StoreError};
use tokio::time::Instant;

use crate::SessionManager;
use crate::sync::timeout;

/// A time that no process lives: later moments cannot be reckoned with.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

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

    /// Until when a commit that begins now goes on.
    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.settings.limits.commit.min(LONGEST)
    }

    fn no_answer(&self) -> String {
        format!("no answer within {:?}", self.settings.limits.store_call)
    }
}
