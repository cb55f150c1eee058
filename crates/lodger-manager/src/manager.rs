//! The manager and its verbs.

use std::sync::Arc;

use lodger_core::{
    Clock, CommitError, Context, EncodeError, LoadError, Rng, SessionCodec, SessionData,
    SessionDict, SessionKey, SessionStore, Settings, StoreError,
};

use crate::builder::ManagerBuilder;
use crate::queue::Queue;
use crate::sync::yield_now;

/// How many expired sessions a clearing removes in one batch.
const BATCH: u64 = 1000;

/// Sessions over a store and a codec.
///
/// Made once for each kind of session and shared in an `Arc`. Commits run in tasks of their own, so
/// it must be used within a tokio runtime.
///
/// # Django
///
/// The store class and the model's manager in one: `encode`, `decode`, `save`, `clear_expired`.
pub struct SessionManager<S> {
    pub(crate) store: S,
    pub(crate) codec: Arc<dyn SessionCodec>,
    pub(crate) settings: Settings,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) queue: Queue,
}

impl<S: SessionStore> SessionManager<S> {
    /// Begins a manager over a store and a codec.
    pub fn builder(store: S, codec: impl SessionCodec) -> ManagerBuilder<S> {
        ManagerBuilder::new(store, Arc::new(codec))
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// Encodes data as they would be stored under a key.
    ///
    /// # Errors
    ///
    /// When they exceed a limit or cannot be expressed.
    pub fn encode(&self, key: &SessionKey, dict: &SessionDict) -> Result<SessionData, EncodeError> {
        let stored_key = self.place(key);
        let context =
            Context { stored_key: &stored_key, now: self.clock.now(), loaded_stamp: None };
        self.codec.encode(dict, &context)
    }

    /// Decodes data as they are stored under a key; what cannot be decoded is an empty session.
    ///
    /// # Django
    ///
    /// `decode`, and `get_decoded` of the model.
    #[must_use]
    pub fn decode(&self, key: &SessionKey, data: &SessionData) -> SessionDict {
        let decoded = self.decode_stored(&self.place(key), data);
        decoded.map(|decoded| decoded.dict).unwrap_or_default()
    }

    /// The data of the live session under a key; `None` if there is none.
    ///
    /// # Errors
    ///
    /// When the store failed.
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await.
    pub async fn find(&self, key: &SessionKey) -> Result<Option<SessionDict>, LoadError> {
        let loaded = self.look_up(key).await?;
        let opened = loaded.and_then(|loaded| self.opened(key, loaded));
        Ok(opened.map(|opened| opened.dict()))
    }

    /// Ends the session under a key, from outside its own requests; whether there was one.
    ///
    /// Once this has returned no request, in any process, loads or saves the session again.
    ///
    /// # Errors
    ///
    /// When the store failed.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the session is ended or not.
    pub async fn revoke(&self, key: &SessionKey) -> Result<bool, CommitError> {
        Ok(self.remove(key).await?)
    }

    /// Removes all expired sessions, in batches; how many there were.
    ///
    /// # Errors
    ///
    /// When the store failed; what was removed before stays removed.
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await; the batches done so far stay removed.
    ///
    /// # Django
    ///
    /// The command `clearsessions`, which does it in one statement.
    pub async fn clear_expired(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let mut deleted = 0;
        let mut cursor = None;
        loop {
            let swept = self.write(self.store.clear_expired(now, BATCH, cursor)).await?;
            deleted += swept.deleted;
            if swept.next.is_none() {
                return Ok(deleted);
            }
            cursor = swept.next;
            // Requests come first.
            yield_now().await;
        }
    }
}
