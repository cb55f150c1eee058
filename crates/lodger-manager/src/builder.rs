//! Putting a manager together.

use std::sync::Arc;

use lodger_core::{
    Clock, KeyStorage, OsRng, Rng, SessionCodec, SessionStore, Settings, SettingsError, SystemClock,
};

use crate::SessionManager;
use crate::queue::Queue;

/// Puts a [`SessionManager`] together; made by [`SessionManager::builder`].
#[must_use]
pub struct ManagerBuilder<S> {
    store: S,
    codec: Arc<dyn SessionCodec>,
    settings: Settings,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
}

impl<S: SessionStore> ManagerBuilder<S> {
    pub(crate) fn new(store: S, codec: Arc<dyn SessionCodec>) -> Self {
        Self {
            store,
            codec,
            settings: Settings::default(),
            clock: Arc::new(SystemClock),
            rng: Arc::new(OsRng),
        }
    }

    /// With these settings; default [`Settings::default`].
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// With this clock; default the system's.
    pub fn with_clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// With this source of randomness; default the system's.
    pub fn with_rng(mut self, rng: impl Rng) -> Self {
        self.rng = Arc::new(rng);
        self
    }

    /// Checks the settings and makes the manager.
    ///
    /// # Errors
    ///
    /// When the settings cannot work, or not with this store.
    pub fn build(self) -> Result<SessionManager<S>, SettingsError> {
        self.settings.check()?;
        if self.settings.key_storage != KeyStorage::Plain && self.store.has_django_layout() {
            return Err(SettingsError::HashedKeysInDjangoLayout);
        }
        Ok(SessionManager {
            store: self.store,
            codec: self.codec,
            settings: self.settings,
            clock: self.clock,
            rng: self.rng,
            queue: Queue::default(),
        })
    }
}
