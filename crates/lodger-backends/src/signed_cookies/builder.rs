//! Putting an engine together.

use std::sync::Arc;

use lodger_codec::{DjangoCodec, Format, Formats, KeyRing};
use lodger_core::{
    AnyStore, Clock, OsRng, Rng, SessionStore, Settings, SettingsError, SystemClock,
};

use super::SignedCookies;
use super::revocations::Revocations;

/// What binds a signature to its purpose: the module of Django's engine.
const SALT: &str = "django.contrib.sessions.backends.signed_cookies";

/// Puts [`SignedCookies`] together; made by [`SignedCookies::builder`].
#[must_use]
pub struct SignedCookiesBuilder {
    keys: KeyRing,
    formats: Formats,
    settings: Settings,
    clock: Arc<dyn Clock>,
    rng: Arc<dyn Rng>,
    revocations: Option<AnyStore>,
    own_expiry: bool,
}

impl SignedCookiesBuilder {
    pub(super) fn new(keys: KeyRing) -> Self {
        Self {
            keys,
            formats: Formats::default(),
            settings: Settings::default(),
            clock: Arc::new(SystemClock),
            rng: Arc::new(OsRng),
            revocations: None,
            own_expiry: false,
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

    /// With this source of randomness, for the identities on a revocation list; default the system's.
    pub fn with_rng(mut self, rng: impl Rng) -> Self {
        self.rng = Arc::new(rng);
        self
    }

    /// Reads and writes the cookies of other releases; default [`Formats::MODERN`].
    ///
    /// # Django
    ///
    /// Takes what a table shared with the same sites would take. The legacy format of rows was never
    /// one of cookies: in its place the sites that write it sign cookies with SHA-1.
    pub fn with_formats(mut self, formats: Formats) -> Self {
        self.formats = formats;
        self
    }

    /// Ends a session also by its own expiry, if that is sooner than `cookie_age` after the last save.
    /// Default: only its cookie ends, as in Django.
    ///
    /// # Django
    ///
    /// The engine there never looks at it (ticket 19201): a site that shares the cookies goes on
    /// reading what has ended here.
    pub fn with_own_expiry(mut self) -> Self {
        self.own_expiry = true;
        self
    }

    /// Keeps a list of the sessions that were ended, in any store, until their cookies are too old
    /// anyway. It gives back promise 3, and with it 6 and 7.
    ///
    /// Each session then carries an identity in its reserved field, and each load and each save of a
    /// session asks the store for it. A store that is down is an error, never a logout, and never a
    /// session that may have been ended. `clear_expired` of the store removes what is no longer needed.
    ///
    /// # Security
    ///
    /// Give it a store of its own, none that holds sessions: an identity is no secret, and its record
    /// is not to be presented elsewhere as a session. Do not raise `cookie_age` while the list holds
    /// anything, since its records were written to last as long as cookies then did. A cookie from
    /// before the list, or from a Django that cleared the session, has no identity until it is saved:
    /// ending its session ends this one text of it.
    ///
    /// The list is as lasting as its store: an ending that the store forgets, by eviction or with the
    /// process, is undone.
    ///
    /// # Django
    ///
    /// It asks no list: a session that was ended here lives on there, and is signed anew. A cookie so
    /// made is read here again once the list has forgotten the session, `cookie_age` and an hour after
    /// its end.
    pub fn with_revocations(mut self, store: impl SessionStore) -> Self {
        self.revocations = Some(AnyStore::new(store));
        self
    }

    /// Checks the settings and makes the engine; tells in the log, once, which promises it cannot keep.
    ///
    /// # Errors
    ///
    /// When the settings cannot work.
    pub fn build(self) -> Result<SignedCookies, SettingsError> {
        self.settings.check()?;
        let Self { keys, formats, settings, clock, rng, revocations, own_expiry } = self;
        let codec = DjangoCodec::new(keys, settings.limits.clone())
            .with_salt(SALT)
            .with_formats(of_cookies(formats));
        let call = settings.limits.store_call;
        let revocations = revocations.map(|store| Revocations::new(store, call));
        let engine = SignedCookies { codec, settings, clock, rng, revocations, own_expiry };
        let unkept: Vec<u8> = engine.unkept_promises().iter().map(|unkept| unkept.number).collect();
        tracing::info!(promises = ?unkept, "signed cookies cannot keep all promises");
        Ok(engine)
    }
}

/// The formats of cookies that go with formats of rows: the same, but SHA-1 in place of the legacy one.
fn of_cookies(rows: Formats) -> Formats {
    let modern = rows.reads(Format::Modern);
    let old = rows.reads(Format::ModernSha1) || rows.reads(Format::Legacy);
    match rows.writes() {
        Format::Modern if old => Formats::MODERN.reading(Format::ModernSha1),
        Format::Modern => Formats::MODERN,
        _ if modern => Formats::writing(Format::ModernSha1).reading(Format::Modern),
        _ => Formats::writing(Format::ModernSha1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cookies_are_read_and_written_as_by_the_releases_that_go_with_the_rows() {
        let sha1 = Format::ModernSha1;
        for (rows, writes, reads) in [
            (Formats::MODERN, Format::Modern, [true, false]),
            (Formats::TRANSITION, Format::Modern, [true, true]),
            (Formats::TRANSITION_SHA1, sha1, [false, true]),
            (Formats::LEGACY, sha1, [false, true]),
            (Formats::MODERN.reading(Format::Legacy), Format::Modern, [true, true]),
            (Formats::LEGACY.reading(Format::Modern), sha1, [true, true]),
        ] {
            let cookies = of_cookies(rows);
            assert_eq!(cookies.writes(), writes, "{rows:?}");
            assert_eq!([Format::Modern, sha1].map(|format| cookies.reads(format)), reads);
            assert!(!cookies.reads(Format::Legacy));
        }
    }
}
