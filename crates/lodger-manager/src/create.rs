//! Storing under a fresh key.

use lodger_core::{
    CommitError, Context, CookieExpiry, CookieValue, Created, EncodeError, Opened, RngError, Saved,
    SessionCookie, SessionData, SessionDict, SessionKey, SessionRecord, SessionStore, StoreError,
    StoredKey, Timestamp, Version, Write,
};

use crate::SessionManager;

/// How many keys are drawn before the source of randomness is taken to be broken.
pub(crate) const DRAWS: u32 = 16;

impl<S: SessionStore> SessionManager<S> {
    /// Stores data under a key that nothing is kept under.
    pub(crate) async fn create(&self, dict: SessionDict) -> Result<Saved, CommitError> {
        let dict = self.begun(dict, self.clock.now());
        for _ in 0..DRAWS {
            let key = SessionKey::generate(&*self.rng)?;
            let stored_key = self.place(&key);
            let now = self.clock.now();
            let (write, stamp) = self.prepare(&stored_key, &dict, None, now)?;
            let expire_date = write.expire_date;
            let record = SessionRecord {
                session_key: stored_key.clone(),
                session_data: write.session_data.clone(),
                expire_date,
            };
            let created = self.write(self.store.create(record, write.fields, now)).await;
            match created {
                Ok(Created::Created(version)) => {
                    return Ok(self.saved(key, version, stamp, dict, expire_date, now));
                }
                Ok(Created::Taken) => {}
                Err(error) => {
                    let version = self.confirm(&stored_key, &write.session_data, error).await?;
                    return Ok(self.saved(key, version, stamp, dict, expire_date, now));
                }
            }
        }
        Err(keys_taken().into())
    }

    /// After a lost reply: nobody else knows a fresh key, so what is found under it is ours.
    pub(crate) async fn confirm(
        &self,
        fresh: &StoredKey,
        data: &SessionData,
        error: StoreError,
    ) -> Result<Option<Version>, StoreError> {
        if !matches!(error, StoreError::Unknown { .. }) {
            return Err(error);
        }
        match self.read(self.store.load(fresh, self.clock.now())).await {
            Ok(Some(loaded)) if loaded.record.session_data == *data => Ok(loaded.version),
            _ => Err(error),
        }
    }

    /// Encodes data and computes their expiry; gives the stamp they got, too.
    pub(crate) fn prepare(
        &self,
        stored_key: &StoredKey,
        dict: &SessionDict,
        loaded_stamp: Option<i64>,
        now: Timestamp,
    ) -> Result<(Write, Option<i64>), EncodeError> {
        let session_data = self.codec.encode(dict, &Context { stored_key, now, loaded_stamp })?;
        self.check_size(&session_data)?;
        let expire_date = self.lifetime(dict, now).date();
        let stamp =
            loaded_stamp.map_or(now.as_secs(), |stamp| now.as_secs().max(stamp.saturating_add(1)));
        Ok((Write { session_data, expire_date, fields: dict.clone() }, Some(stamp)))
    }

    /// The bound of the settings, whatever the codec's own.
    fn check_size(&self, data: &SessionData) -> Result<(), EncodeError> {
        let (size, limit) = (data.as_bytes().len(), self.settings.limits.session_data);
        if size > limit { Err(EncodeError::TooLarge { size, limit }) } else { Ok(()) }
    }

    /// A session that was just stored, and what its visitor gets.
    pub(crate) fn saved(
        &self,
        key: SessionKey,
        version: Option<Version>,
        stamp: Option<i64>,
        dict: SessionDict,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Saved {
        let expiry = CookieExpiry::of(&dict, &self.settings, now).until(expire_date, now);
        let cookie = SessionCookie { value: CookieValue::from(&key), expiry };
        let expire_date = Some(expire_date);
        Saved { opened: Opened::Live { key, version, stamp, expire_date, dict }, cookie }
    }
}

/// Every key that was drawn is in use, which good randomness makes impossible.
pub(crate) fn keys_taken() -> RngError {
    RngError::new(format!("{DRAWS} keys drawn in a row were in use"))
}
