//! What a commit makes of a session.

use lodger_core::session::Reserved;
use lodger_core::{
    Commit, CommitError, Committed, Context, CookieExpiry, CookieValue, Opened, Patch, Renewal,
    Retire, Saved, SessionCodec, SessionConflict, SessionCookie, SessionDict, SessionInterrupted,
    SessionKey, Span, StoreError, StoredKey, Timestamp,
};

use super::load::Signed;
use super::revocations::Revocations;
use super::{SignedCookies, identity, size};

/// How much longer the list remembers a session than any cookie of it is read: for clocks of servers
/// that differ, and for saves that were under way when it ended.
const SLACK: Span = Span::from_secs(3600);
/// Who ended a session that was not given another identity.
const LOGGED_OUT: &str = "revoked";

impl SignedCookies {
    pub(super) async fn store_commit(
        &self,
        opened: Opened,
        commit: Commit,
    ) -> Result<Committed, CommitError> {
        let Commit { retire, patch, renewal, .. } = commit;
        let idle = patch.is_empty() && retire == Retire::Keep && renewal == Renewal::Never;
        match opened {
            _ if idle => Ok(Committed::Unchanged),
            opened if retire == Retire::Flush => self.flush(&opened, &patch).await,
            Opened::Gone { .. } => Err(SessionInterrupted.into()),
            Opened::Live { key, stamp, dict, .. } => {
                let (now, stamp) = (self.clock.now(), stamp.unwrap_or(i64::MIN));
                if self.has_ended(&dict, stamp, now) {
                    return Err(SessionInterrupted.into());
                }
                let session = Signed { dict, stamp };
                let saved = match &self.revocations {
                    None => self.changed(session.dict, &patch, now),
                    Some(list) => self.listed(list, &key, session, &patch, retire, now).await,
                };
                saved.map(Committed::Saved)
            }
            // Nothing that could be read is there, so there is nothing to merge with.
            Opened::Fresh | Opened::Undecodable { .. } => self.begin(&patch),
        }
    }

    /// Ends a session; what came after the flush begins another one.
    async fn flush(&self, opened: &Opened, patch: &Patch) -> Result<Committed, CommitError> {
        if let Some(key) = opened.key() {
            self.revoke(key).await?;
        }
        Ok(match self.begin(patch)? {
            Committed::Unchanged => Committed::Removed,
            committed => committed,
        })
    }

    /// Makes a new session, unless it would be empty.
    fn begin(&self, patch: &Patch) -> Result<Committed, CommitError> {
        let mut dict = SessionDict::new();
        patch.apply(&mut dict).map_err(SessionConflict::from)?;
        if dict.is_empty() {
            return Ok(Committed::Unchanged);
        }
        if self.revocations.is_some() {
            identity::give(&mut dict, &*self.rng)?;
        }
        self.sign(dict, self.clock.now()).map(Committed::Saved)
    }

    fn changed(
        &self,
        mut dict: SessionDict,
        patch: &Patch,
        now: Timestamp,
    ) -> Result<Saved, CommitError> {
        patch.apply(&mut dict).map_err(SessionConflict::from)?;
        self.sign(dict, now)
    }

    /// Changes a session that may be on the list. A change of key puts it there, and of two of them one
    /// does: before the new identity is handed out the old one is dead.
    async fn listed(
        &self,
        list: &Revocations,
        key: &SessionKey,
        session: Signed,
        patch: &Patch,
        retire: Retire,
        now: Timestamp,
    ) -> Result<Saved, CommitError> {
        let old = identity::of(&session.dict, key);
        let mut dict = session.dict;
        let fresh = if retire == Retire::Cycle || !identity::is_carried(&dict) {
            Some(identity::give(&mut dict, &*self.rng)?)
        } else {
            None
        };
        let saved = self.changed(dict, patch, now);
        let alive = match (retire, &fresh, &saved) {
            (Retire::Cycle, Some(fresh), Ok(_)) => {
                list.add(&old, fresh.expose(), self.until(session.stamp, now), now).await?
            }
            // What has ended is gone, whatever else is wrong.
            _ => !list.hold(&old, now).await?,
        };
        if alive { saved } else { Err(SessionInterrupted.into()) }
    }

    /// Signs data and checks that a browser keeps the cookie.
    fn sign(&self, mut dict: SessionDict, now: Timestamp) -> Result<Saved, CommitError> {
        Reserved::begin(&mut dict, self.settings.absolute_age, now);
        let stored_key = StoredKey::from(String::new());
        // The stamp is the cookie's age, so it is no later than now, whatever it was before.
        let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
        let data = self.codec.encode(&dict, &context)?;
        let text = data.as_text().expect("signed data are text");
        let expiry = CookieExpiry::of(&dict, &self.settings, now);
        size::check(&self.settings, text, expiry)?;
        let key = SessionKey::parse(text, usize::MAX).expect("a signature alone is long enough");
        let cookie = SessionCookie { value: CookieValue::from(&key), expiry };
        Ok(Saved { opened: self.live(key, Signed { dict, stamp: now.as_secs() }), cookie })
    }

    /// Puts the session of a cookie's text on the list; whether it was not there. What we did not sign,
    /// and what is too old, leaves no trace.
    pub(super) async fn revoke(&self, key: &SessionKey) -> Result<bool, StoreError> {
        let (Some(list), now) = (&self.revocations, self.clock.now()) else { return Ok(false) };
        let Some(Signed { dict, stamp }) = self.read(key) else { return Ok(false) };
        let until = self.until(stamp, now);
        if Timestamp::from_secs(stamp) + self.settings.cookie_age + SLACK < now {
            return Ok(false);
        }
        list.add(&identity::of(&dict, key), LOGGED_OUT, until, now).await
    }

    /// Until when the list has to remember a session whose cookie bears this stamp.
    fn until(&self, stamp: i64, now: Timestamp) -> Timestamp {
        now.max(Timestamp::from_secs(stamp)) + self.settings.cookie_age + SLACK
    }
}
