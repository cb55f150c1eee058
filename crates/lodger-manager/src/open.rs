//! From a cookie's value to a session.

use lodger_core::{
    Context, CookieValue, DecodeError, Decoded, LoadError, Loaded, OnUndecodable, Opened,
    SessionData, SessionKey, SessionStore, StoredKey,
};

use crate::SessionManager;

impl<S: SessionStore> SessionManager<S> {
    /// Loads the session that a cookie's value names: a value without the shape of a key, an unknown
    /// key and an expired session are all [`Opened::Fresh`].
    ///
    /// # Errors
    ///
    /// When the store failed.
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await.
    pub async fn open(&self, value: &CookieValue) -> Result<Opened, LoadError> {
        let Some(key) = self.admitted_key(value) else { return Ok(Opened::Fresh) };
        let loaded = self.look_up(&key).await?;
        Ok(loaded.and_then(|loaded| self.opened(&key, loaded)).unwrap_or(Opened::Fresh))
    }

    /// Decodes what was loaded; `None` if its absolute limit is over, whatever the store says.
    pub(crate) fn opened(&self, key: &SessionKey, loaded: Loaded) -> Option<Opened> {
        let Loaded { record, version, decoded } = loaded;
        let key = key.clone();
        let decoded = match decoded {
            Some(decoded) => self.bounded(&record.session_data).map(|()| decoded),
            None => self.decode_stored(&record.session_key, &record.session_data),
        };
        Some(match decoded {
            Ok(decoded) if self.is_over(&decoded.dict) => return None,
            Ok(Decoded { dict, stamp }) => {
                Opened::Live { key, version, stamp, expire_date: Some(record.expire_date), dict }
            }
            Err(error) => {
                tracing::debug!(session = ?key, %error, "session data cannot be decoded");
                match self.settings.on_undecodable {
                    OnUndecodable::Overwrite => Opened::Live {
                        key,
                        version,
                        stamp: None,
                        // A mere read leaves alone what nobody could read.
                        expire_date: None,
                        dict: Default::default(),
                    },
                    _ => Opened::Undecodable { key },
                }
            }
        })
    }

    /// Whether data are within the bound of the settings, whatever that of the codec and of whoever has
    /// decoded them.
    fn bounded(&self, data: &SessionData) -> Result<(), DecodeError> {
        let limit = self.settings.limits.session_data;
        if data.as_bytes().len() > limit {
            return Err(DecodeError::TooLarge { limit });
        }
        Ok(())
    }

    /// Decodes data within that bound.
    pub(crate) fn decode_stored(
        &self,
        stored_key: &StoredKey,
        data: &SessionData,
    ) -> Result<Decoded, DecodeError> {
        self.bounded(data)?;
        self.codec.decode(data, &Context { stored_key, now: self.clock.now(), loaded_stamp: None })
    }
}
