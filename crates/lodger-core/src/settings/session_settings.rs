//! The one struct of settings.

use super::{FileSeconds, KeyStorage, Limits, OnConflict, OnInterrupted, OnUndecodable, SameSite};
use crate::{DateStorage, SettingsError, Span};

/// The settings of one kind of session.
///
/// [`default()`](Self::default) is for sites of our own: Django's formats, secure cookie
/// attributes, and no data lost by accident. [`django()`](Self::django) is for sharing sessions
/// with a Django site: exactly its defaults. [`hardened()`](Self::hardened) is for sites with something
/// to lose.
///
/// # Django
///
/// A field `cookie_age` is `SESSION_COOKIE_AGE`, and so on; `date_storage` is `USE_TZ` with
/// `TIME_ZONE`. Fields without such a counterpart are Lodger's own.
///
/// ```
/// use lodger_core::{Settings, Span};
///
/// let mut settings = Settings::default();
/// settings.cookie_name = "__Host-session".into();
/// settings.cookie_age = Span::from_secs(8 * 3600);
/// assert!(settings.check().is_ok());
/// settings.cookie_domain = Some("example.org".into());
/// assert!(settings.check().is_err());
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Settings {
    /// The cookie's name. Default `sessionid`.
    pub cookie_name: String,
    /// How long a session lives after its last save. Default two weeks.
    pub cookie_age: Span,
    /// How long a session lives after the last request that looked at it, if that is shorter; default
    /// `None`.
    ///
    /// A request that looks at the session and changes nothing renews it, at the price of one write
    /// more, when a tenth of this span has passed since the last renewal, and a minute at least. A
    /// request whose handler never looks at the session costs nothing and renews nothing. Must be
    /// shorter than `cookie_age` and `absolute_age`, which it would otherwise say nothing beside.
    pub idle_age: Option<Span>,
    /// How long a session lives after it began, whatever is done with it; default `None`.
    ///
    /// The beginning and this limit are kept in the session's reserved field. They survive `clear` and a
    /// change of key; a flush begins a new session. A shorter setting applies to the sessions that are
    /// there, a longer one does not. A session from before this was set begins with its next write.
    ///
    /// # Django
    ///
    /// A `clear` there takes the reserved field away, so that the session begins anew.
    pub absolute_age: Option<Span>,
    /// The domain the cookie is sent to; default `None`, the host that set it alone.
    pub cookie_domain: Option<String>,
    /// The path below which the cookie is sent. Default `/`.
    pub cookie_path: String,
    /// Whether the cookie is sent over HTTPS only. `default()`: yes; `django()`: no.
    pub cookie_secure: bool,
    /// Whether scripts are kept from the cookie. Default yes.
    pub cookie_httponly: bool,
    /// Whether other sites' requests carry the cookie. Default `Lax`.
    pub cookie_samesite: SameSite,
    /// Whether every request renews the session, at the price of one write each. Default no.
    pub save_every_request: bool,
    /// Whether a session without an expiry of its own ends with the browser. Default no.
    pub expire_at_browser_close: bool,
    /// How dates without a zone are meant. Default UTC.
    pub date_storage: DateStorage,
    /// What happens to data that cannot be decoded. `default()`: kept; `django()`: overwritten.
    pub on_undecodable: OnUndecodable,
    /// What the client gets when its session was deleted during the request. Default 400.
    pub on_interrupted: OnInterrupted,
    /// What becomes of a change when others changed the session during the request. Default: both
    /// changes are kept; [`OnConflict::LastWriteWins`], what Django does, has to be asked for by name.
    pub on_conflict: OnConflict,
    /// What a store sees of a key. Default: the key itself. Another one excludes
    /// [`shared_with_django`](Self::shared_with_django).
    pub key_storage: KeyStorage,
    /// Whether a Django site reads and writes these sessions too. `default()`: no; `django()`: yes.
    pub shared_with_django: bool,
    /// When a session in a file ends that was given a number of seconds. `default()`: so many seconds
    /// after it was written; `django()`: never.
    pub file_seconds: FileSeconds,
    /// The bounds on everything.
    pub limits: Limits,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            cookie_secure: true,
            on_undecodable: OnUndecodable::Keep,
            shared_with_django: false,
            file_seconds: FileSeconds::SinceWritten,
            ..Self::django()
        }
    }
}

impl Settings {
    /// Exactly Django's defaults, for sharing sessions with a Django site.
    #[must_use]
    pub fn django() -> Self {
        Self {
            cookie_name: "sessionid".into(),
            cookie_age: Span::from_secs(1_209_600),
            idle_age: None,
            absolute_age: None,
            cookie_domain: None,
            cookie_path: "/".into(),
            cookie_secure: false,
            cookie_httponly: true,
            cookie_samesite: SameSite::Lax,
            save_every_request: false,
            expire_at_browser_close: false,
            date_storage: DateStorage::Utc,
            on_undecodable: OnUndecodable::Overwrite,
            on_interrupted: OnInterrupted::BadRequest,
            on_conflict: OnConflict::Merge,
            key_storage: KeyStorage::Plain,
            shared_with_django: true,
            file_seconds: FileSeconds::Never,
            limits: Limits::default(),
        }
    }

    /// Refuses combinations that no browser would accept, or that would keep no promise, and limits that
    /// could not work.
    ///
    /// # Errors
    ///
    /// Names the first setting that cannot work, and why.
    pub fn check(&self) -> Result<(), SettingsError> {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
        if self.cookie_name.is_empty() || !self.cookie_name.bytes().all(token) {
            return Err(SettingsError::CookieName);
        }
        let attribute =
            |text: &str| text.bytes().all(|byte| matches!(byte, b' '..=b'~') && byte != b';');
        if !self.cookie_path.starts_with('/') || !attribute(&self.cookie_path) {
            return Err(SettingsError::CookiePath);
        }
        let domain = self.cookie_domain.as_deref();
        if domain
            .is_some_and(|domain| domain.is_empty() || !attribute(domain) || domain.contains(' '))
        {
            return Err(SettingsError::CookieDomain);
        }
        if self.cookie_samesite == SameSite::None && !self.cookie_secure {
            return Err(SettingsError::SameSiteNoneWithoutSecure);
        }
        if self.has_secure_prefix() && !self.cookie_secure {
            return Err(SettingsError::PrefixWithoutSecure);
        }
        if self.has_prefix("__Host-") && (domain.is_some() || self.cookie_path != "/") {
            return Err(SettingsError::HostPrefix);
        }
        if self.shared_with_django && self.key_storage != KeyStorage::Plain {
            return Err(SettingsError::HashedKeysSharedWithDjango);
        }
        self.check_ages()?;
        self.check_limits()
    }

    fn check_ages(&self) -> Result<(), SettingsError> {
        let ages = [("idle_age", self.idle_age), ("absolute_age", self.absolute_age)];
        let too_short = |age: &Option<Span>| age.is_some_and(|age| age < Span::from_secs(1));
        if let Some((age, _)) = ages.iter().find(|(_, age)| too_short(age)) {
            return Err(SettingsError::Age { age });
        }
        let longest = self.absolute_age.map_or(self.cookie_age, |age| age.min(self.cookie_age));
        if self.idle_age.is_some_and(|idle_age| idle_age >= longest) {
            return Err(SettingsError::IdleAge);
        }
        Ok(())
    }

    /// Whether the cookie's name has a prefix that makes browsers ask for `Secure`: `__Secure-` or
    /// `__Host-`.
    #[must_use]
    pub fn has_secure_prefix(&self) -> bool {
        self.has_prefix("__Secure-") || self.has_prefix("__Host-")
    }

    /// Browsers compare the prefixes without regard to case.
    fn has_prefix(&self, prefix: &str) -> bool {
        let start = self.cookie_name.get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    }

    fn check_limits(&self) -> Result<(), SettingsError> {
        let limits = &self.limits;
        // A key of ours has 32 bytes, and comes behind the cookie's name and an equals sign.
        let sizes = [
            ("cookie_header", limits.cookie_header / (self.cookie_name.len() + 33)),
            ("cookie_value", limits.cookie_value / 32),
            ("key", limits.key / 32),
            ("session_data", limits.session_data),
            ("inflated", limits.inflated),
            ("json_depth", limits.json_depth),
        ];
        let times = [("store_call", limits.store_call), ("commit", limits.commit)];
        let zero_size = sizes.into_iter().find(|(_, size)| *size == 0).map(|(name, _)| name);
        let zero_time = times.into_iter().find(|(_, time)| time.is_zero()).map(|(name, _)| name);
        zero_size.or(zero_time).map_or(Ok(()), |limit| Err(SettingsError::Limit { limit }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(change: impl FnOnce(&mut Settings)) -> Result<(), SettingsError> {
        let mut settings = Settings::default();
        change(&mut settings);
        settings.check()
    }

    #[test]
    fn both_sets_of_defaults_can_work() {
        assert_eq!(Settings::default().check(), Ok(()));
        assert_eq!(Settings::django().check(), Ok(()));
    }

    #[test]
    fn combinations_that_no_browser_accepts_are_refused() {
        assert_eq!(
            check(|s| (s.cookie_samesite, s.cookie_secure) = (SameSite::None, false)),
            Err(SettingsError::SameSiteNoneWithoutSecure)
        );
        for name in ["__Host-id", "__secure-id"] {
            assert_eq!(
                check(|s| (s.cookie_name, s.cookie_secure) = (name.into(), false)),
                Err(SettingsError::PrefixWithoutSecure)
            );
        }
        assert_eq!(
            check(|s| (s.cookie_name, s.cookie_path) = ("__Host-id".into(), "/app".into())),
            Err(SettingsError::HostPrefix)
        );
        assert_eq!(
            check(|s| (s.cookie_name, s.cookie_domain) =
                ("__HOST-id".into(), Some("a.example".into()))),
            Err(SettingsError::HostPrefix)
        );
    }

    #[test]
    fn what_would_break_the_header_is_refused() {
        for name in ["", "a b", "a=b", "a;b", "é", "a\r\n"] {
            assert_eq!(
                check(|s| s.cookie_name = name.into()),
                Err(SettingsError::CookieName),
                "{name}"
            );
        }
        for path in ["", "app", "/a;b", "/\n", "/é"] {
            assert_eq!(
                check(|s| s.cookie_path = path.into()),
                Err(SettingsError::CookiePath),
                "{path}"
            );
        }
        for domain in ["", "a b", "a;b", "a\r\nb"] {
            let result = check(|s| s.cookie_domain = Some(domain.into()));
            assert_eq!(result, Err(SettingsError::CookieDomain), "{domain}");
        }
    }

    /// Promise 12
    #[test]
    fn hashed_keys_and_sharing_with_django_exclude_each_other() {
        for storage in [KeyStorage::Hashed, KeyStorage::MovingToHashed] {
            assert_eq!(check(|s| s.key_storage = storage), Ok(()));
            assert_eq!(
                check(|s| (s.key_storage, s.shared_with_django) = (storage, true)),
                Err(SettingsError::HashedKeysSharedWithDjango)
            );
        }
        assert_eq!(check(|s| s.shared_with_django = true), Ok(()));
    }

    /// Promise 5
    #[test]
    fn that_the_last_write_wins_has_to_be_asked_for() {
        for settings in [Settings::default(), Settings::django()] {
            assert_eq!(settings.on_conflict, OnConflict::Merge);
        }
    }

    /// Promise 8
    #[test]
    fn limits_of_a_life_that_could_not_work_are_refused() {
        let ages = |idle: Option<Span>, absolute: Option<Span>| {
            check(|s| (s.idle_age, s.absolute_age) = (idle, absolute))
        };
        let secs = |secs| Some(Span::from_secs(secs));
        for span in [Span::from_micros(999_999), Span::ZERO, Span::from_secs(-60)] {
            assert_eq!(ages(Some(span), None), Err(SettingsError::Age { age: "idle_age" }));
            assert_eq!(ages(None, Some(span)), Err(SettingsError::Age { age: "absolute_age" }));
        }
        for (idle, absolute) in
            [(secs(3600), secs(3600)), (secs(3601), secs(3600)), (secs(1_209_600), None)]
        {
            assert_eq!(ages(idle, absolute), Err(SettingsError::IdleAge), "{idle:?} {absolute:?}");
        }
        for (idle, absolute) in [
            (secs(1), None),
            (None, secs(1)),
            (secs(3599), secs(3600)),
            (secs(1_209_599), secs(i64::MAX)),
        ] {
            assert_eq!(ages(idle, absolute), Ok(()), "{idle:?} {absolute:?}");
        }
    }

    #[test]
    fn a_limit_that_lets_nothing_through_is_refused() {
        assert_eq!(
            check(|s| s.limits.session_data = 0),
            Err(SettingsError::Limit { limit: "session_data" })
        );
        assert_eq!(check(|s| s.limits.key = 31), Err(SettingsError::Limit { limit: "key" }));
        let limit = "cookie_value";
        assert_eq!(check(|s| s.limits.cookie_value = 31), Err(SettingsError::Limit { limit }));
        let limit = "cookie_header";
        assert_eq!(check(|s| s.limits.cookie_header = 41), Err(SettingsError::Limit { limit }));
    }
}
