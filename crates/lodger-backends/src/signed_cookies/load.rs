//! From a cookie's text to a session.

use lodger_core::{
    Context, CookieValue, Lifetime, LoadError, Opened, SessionCodec, SessionData, SessionDict,
    SessionKey, StoredExpiry, StoredKey, Timestamp,
};

use super::SignedCookies;
use super::identity;

/// What a cookie of ours says, whether or not it is too old.
pub(super) struct Signed {
    pub(super) dict: SessionDict,
    /// The second in which it was signed.
    pub(super) stamp: i64,
}

impl SignedCookies {
    /// The live session that a cookie's value holds; whatever it is instead, it is nobody's.
    pub(super) async fn open(&self, value: &CookieValue) -> Result<Opened, LoadError> {
        let Ok(key) = value.session_key(self.settings.limits.cookie_value) else {
            return Ok(Opened::Fresh);
        };
        let Some(Signed { dict, stamp }) = self.read(&key) else { return Ok(Opened::Fresh) };
        let now = self.clock.now();
        if self.has_ended(&dict, stamp, now) {
            return Ok(Opened::Fresh);
        }
        if let Some(revocations) = &self.revocations
            && revocations.hold(&identity::of(&dict, &key), now).await?
        {
            return Ok(Opened::Fresh);
        }
        Ok(self.live(key, Signed { dict, stamp }))
    }

    /// A live session. A touch signs it anew, which is a save.
    pub(super) fn live(&self, key: SessionKey, signed: Signed) -> Opened {
        let Signed { dict, stamp } = signed;
        let lifetime = Lifetime::of(&dict, &self.settings, Timestamp::from_secs(stamp));
        let expire_date = Some(lifetime.date());
        Opened::Live { key, version: None, stamp: Some(stamp), expire_date, dict }
    }

    /// Reads a cookie's text; `None` if none of our keys signed it, or it holds no session.
    pub(super) fn read(&self, key: &SessionKey) -> Option<Signed> {
        let data = SessionData::from_text(key.expose());
        let stored_key = StoredKey::from(key);
        let context =
            Context { stored_key: &stored_key, now: self.clock.now(), loaded_stamp: None };
        // Without a report: whoever sends cookies could fill the log.
        match self.codec.inspect(&data, &context) {
            Ok(decoded) => decoded.stamp.map(|stamp| Signed { dict: decoded.dict, stamp }),
            Err(error) => {
                tracing::debug!(session = ?key, %error, "the cookie holds no session");
                None
            }
        }
    }

    /// Whether a session that was signed in the second `stamp` is too old, by itself or by the idle
    /// limit, or over by its absolute limit.
    ///
    /// # Django
    ///
    /// `max_age` of `signing.loads`: the age has a fraction and the stamp has none, so that a cookie
    /// which was signed exactly `cookie_age` ago is read at a whole second only. One from the future
    /// has an age below zero and is read.
    pub(super) fn has_ended(&self, dict: &SessionDict, stamp: i64, now: Timestamp) -> bool {
        let (age, cookie_age) = (now - Timestamp::from_secs(stamp), self.settings.cookie_age);
        let oldest = self.settings.idle_age.map_or(cookie_age, |idle_age| idle_age.min(cookie_age));
        if age > oldest || Lifetime::of(dict, &self.settings, now).is_over() {
            return true;
        }
        if !self.own_expiry {
            return false;
        }
        match StoredExpiry::of(dict, &self.settings.date_storage) {
            StoredExpiry::At(at) => now >= at,
            stored => age > stored.age(now, cookie_age),
        }
    }
}
