//! The seam between the handle of a session and what stores it.

use std::sync::Arc;

use crate::store::BoxFuture;
use crate::{
    Clock, CommitError, CookieValue, Lifetime, LoadError, Patch, SessionDict, SessionKey, Settings,
    Span, StoredExpiry, Timestamp, Version,
};

/// What was found under the cookie of a request.
///
/// # Internal invariant
///
/// Only the engine says that something is stored: a key in here was made by us and found live, never
/// taken from a client on trust (promise 1).
#[derive(Clone, Debug)]
pub enum Opened {
    /// Nothing: the first write makes a session with a fresh key.
    Fresh,
    /// A live session.
    Live {
        /// Its key.
        key: SessionKey,
        /// What the next write states; `None`: load again first.
        version: Option<Version>,
        /// The stamp of the stored data, in a format that has one.
        stamp: Option<i64>,
        /// When it ends unless it is renewed; `None`: not to be renewed by a mere read.
        expire_date: Option<Timestamp>,
        /// Its data.
        dict: SessionDict,
    },
    /// A live record whose data cannot be decoded, to be left alone: a write makes a session with
    /// a fresh key.
    Undecodable {
        /// Its key.
        key: SessionKey,
    },
    /// A session that this request deleted itself, or that it learned to be gone.
    Gone {
        /// The key it had.
        key: SessionKey,
    },
}

impl Opened {
    /// The key under which something is, or was, stored.
    #[must_use]
    pub fn key(&self) -> Option<&SessionKey> {
        match self {
            Self::Fresh => None,
            Self::Live { key, .. } | Self::Undecodable { key } | Self::Gone { key } => Some(key),
        }
    }

    /// The data, empty where there are none that can be read.
    #[must_use]
    pub fn dict(&self) -> SessionDict {
        match self {
            Self::Live { dict, .. } => dict.clone(),
            _ => SessionDict::new(),
        }
    }
}

/// What becomes of the key that was opened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Retire {
    /// It stays.
    #[default]
    Keep,
    /// The data go to a fresh key and the old one dies.
    Cycle,
    /// The record is deleted first; what is then stored is a new session.
    Flush,
}

/// Whether a stored session is to be renewed even if nothing changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Renewal {
    /// No.
    #[default]
    Never,
    /// If enough of its idle limit has passed, as [`Lifetime::is_due`] says. One that somebody else
    /// has renewed meanwhile is left as it is.
    IfDue,
    /// Yes, as by a save.
    Always,
}

/// What a handle asks an engine to store.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Commit {
    /// What becomes of the key.
    pub retire: Retire,
    /// The operations on the data.
    pub patch: Patch,
    /// Whether a session that is stored is to be renewed even if nothing changed.
    pub renewal: Renewal,
}

/// What became of a commit.
#[derive(Clone, Debug)]
pub enum Committed {
    /// There was nothing to store.
    Unchanged,
    /// Stored.
    Saved(Saved),
    /// Deleted, and nothing stored in its place.
    Removed,
}

/// A session as it was stored.
#[derive(Clone, Debug)]
pub struct Saved {
    /// As if it had just been loaded.
    pub opened: Opened,
    /// What its visitor is to get.
    pub cookie: SessionCookie,
}

/// What the visitor of a stored session is to get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCookie {
    /// What the browser is to send from now on.
    pub value: CookieValue,
    /// How long it is to keep it.
    pub expiry: CookieExpiry,
}

/// How long a browser is to keep the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CookieExpiry {
    /// Until it closes.
    AtBrowserClose,
    /// So long; negative: the session has ended already.
    MaxAge(Span),
}

impl CookieExpiry {
    /// For a session that is saved `now` with these data: as they say, else as the settings do, and
    /// within their limits.
    #[must_use]
    pub fn of(dict: &SessionDict, settings: &Settings, now: Timestamp) -> Self {
        let stored = StoredExpiry::of(dict, &settings.date_storage);
        if stored.at_browser_close(settings.expire_at_browser_close) {
            Self::AtBrowserClose
        } else {
            Self::MaxAge(Lifetime::of(dict, settings, now).age())
        }
    }

    /// The same, but no longer than until an instant.
    #[must_use]
    pub fn until(self, end: Timestamp, now: Timestamp) -> Self {
        match self {
            Self::AtBrowserClose => self,
            Self::MaxAge(age) => Self::MaxAge(age.min(end - now)),
        }
    }
}

/// What a [`Session`](crate::Session) is driven by: a manager over a store, or signed cookies.
pub trait SessionEngine: Send + Sync + 'static {
    /// The settings of these sessions.
    fn settings(&self) -> &Settings;

    /// The time.
    fn clock(&self) -> &dyn Clock;

    /// The key that a cookie's value seems to name, before anything is loaded; `None` if it has not
    /// the shape of one.
    fn presented_key(&self, value: &CookieValue) -> Option<SessionKey>;

    /// Loads the session that a cookie's value names. Creates nothing.
    ///
    /// # Cancel safety
    ///
    /// May be dropped at any await.
    fn load(self: Arc<Self>, value: CookieValue) -> BoxFuture<'static, Result<Opened, LoadError>>;

    /// Stores what a handle asks for.
    ///
    /// # Cancel safety
    ///
    /// Once polled it goes on when dropped: the change is then stored or not, never in part.
    fn commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> BoxFuture<'static, Result<Committed, CommitError>>;

    /// Deletes the record under a key at once; whether there was one.
    ///
    /// # Cancel safety
    ///
    /// When dropped, the record is deleted or not.
    fn delete(self: Arc<Self>, key: SessionKey) -> BoxFuture<'static, Result<bool, CommitError>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_lives_as_long_as_its_session_or_the_settings_say() {
        let now = Timestamp::from_micros(1_700_000_000_123_456);
        let expiry = |json: &str, at_browser_close: bool| {
            let mut settings = Settings::django();
            settings.expire_at_browser_close = at_browser_close;
            CookieExpiry::of(&SessionDict::parse(json, 10).unwrap(), &settings, now)
        };
        let age = |seconds| CookieExpiry::MaxAge(Span::from_secs(seconds));
        assert_eq!(expiry("{}", false), age(1_209_600));
        assert_eq!(expiry("{}", true), CookieExpiry::AtBrowserClose);
        for setting in [false, true] {
            let own = |value: &str| expiry(&format!(r#"{{"_session_expiry":{value}}}"#), setting);
            assert_eq!(own("0"), CookieExpiry::AtBrowserClose);
            assert_eq!(own("300"), age(300));
            assert_eq!(own("-60"), age(-60));
            assert_eq!(own(r#""2023-11-14T22:15:00+00:00""#), age(99));
        }
    }

    /// Promise 8
    #[test]
    fn a_cookie_lives_no_longer_than_the_limits_let_its_session() {
        let now = Timestamp::from_secs(1_700_000_000);
        let idle_age = Some(Span::from_secs(600));
        let settings = Settings { idle_age, ..Settings::default() };
        let of =
            |json: &str| CookieExpiry::of(&SessionDict::parse(json, 10).unwrap(), &settings, now);
        let age = |seconds| CookieExpiry::MaxAge(Span::from_secs(seconds));
        assert_eq!(of("{}"), age(600));
        assert_eq!(of(r#"{"_session_expiry":60}"#), age(60));
        assert_eq!(of(r#"{"_session_expiry":0}"#), CookieExpiry::AtBrowserClose);
        assert_eq!(of(r#"{"_lodger":{"began":1699999900,"absolute":500}}"#), age(400));
        assert_eq!(age(600).until(now + Span::from_secs(60), now), age(60));
        assert_eq!(age(60).until(now + Span::from_secs(600), now), age(60));
        let at_close = CookieExpiry::AtBrowserClose;
        assert_eq!(at_close.until(now, now), at_close);
    }
}
