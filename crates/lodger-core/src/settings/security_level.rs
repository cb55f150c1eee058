//! Settings for sites with something to lose.

use super::{KeyStorage, SameSite, Settings};
use crate::Span;

/// How much a session is worth protecting, by the source that names its limits.
///
/// The numbers are the longest that a source allows; shorter ones may be set.
///
/// | level | ends without use | ends in any case | the cookie ends |
/// |---|---|---|---|
/// | [`Aal1`](Self::Aal1) | 30 days after the last save | after 30 days | with the session |
/// | [`Aal2`](Self::Aal2) | after 1 hour | after 24 hours | with the session |
/// | [`Aal3`](Self::Aal3) | after 15 minutes | after 12 hours | with the session |
/// | [`LowRisk`](Self::LowRisk) | after 30 minutes | after 8 hours | with the browser |
/// | [`HighValue`](Self::HighValue) | after 5 minutes | after 4 hours | with the browser |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SecurityLevel {
    /// Authenticator assurance level 1 of NIST SP 800-63B-4, section 2.1.3.
    Aal1,
    /// Authenticator assurance level 2 of NIST SP 800-63B-4, section 2.2.3.
    Aal2,
    /// Authenticator assurance level 3 of NIST SP 800-63B-4, section 2.3.3.
    Aal3,
    /// An application of low risk, by OWASP's cheat sheet on session management; a day at the office.
    LowRisk,
    /// An application of high value, by OWASP's cheat sheet on session management.
    HighValue,
}

impl SecurityLevel {
    /// The limits: idle and absolute, in minutes.
    const fn minutes(self) -> (Option<i64>, i64) {
        match self {
            Self::Aal1 => (None, 30 * 24 * 60),
            Self::Aal2 => (Some(60), 24 * 60),
            Self::Aal3 => (Some(15), 12 * 60),
            Self::LowRisk => (Some(30), 8 * 60),
            Self::HighValue => (Some(5), 4 * 60),
        }
    }

    /// OWASP asks for cookies that the browser does not keep on disk; NIST for such as end with the
    /// session.
    const fn ends_with_the_browser(self) -> bool {
        matches!(self, Self::LowRisk | Self::HighValue)
    }
}

impl Settings {
    /// For sites of our own with something to lose: [`default()`](Self::default), with the limits of a
    /// level and a cookie that only this host can set.
    ///
    /// - The cookie is `__Host-sessionid`: browsers take one of this name only over HTTPS, for the path
    ///   `/` and without a domain, so that no other host of the domain can plant it.
    /// - `Secure` and `HttpOnly`, and `SameSite=Lax`. With `Strict` a visitor who follows a link from
    ///   elsewhere arrives without a session, a sign-in through another site never comes back to the
    ///   one that began it, and what the page stores meanwhile takes the cookie of the real session
    ///   away. `Lax` keeps the cookie from other sites' forms and scripts alike.
    /// - `cookie_age` is the absolute limit, so that within it the idle limit alone counts.
    /// - The store sees hashes of keys, so that who reads it can take over nobody's session.
    /// - Data that cannot be decoded are kept.
    ///
    /// # Security
    ///
    /// The limits end sessions, they do not ask anybody for a password again: what a level of
    /// assurance asks for beside them is the application's. Call
    /// [`cycle_key`](crate::Session::cycle_key) at login, and begin a new session with
    /// [`flush`](crate::Session::flush) where the absolute limit is to count from the login rather than
    /// from the visitor's first page: a change of key keeps the beginning.
    ///
    /// ```
    /// use lodger_core::{SecurityLevel, Settings, Span};
    ///
    /// let settings = Settings::hardened(SecurityLevel::Aal2);
    /// assert_eq!(settings.idle_age, Some(Span::from_secs(3600)));
    /// assert_eq!(settings.absolute_age, Some(Span::from_secs(24 * 3600)));
    /// assert!(settings.check().is_ok());
    /// ```
    #[must_use]
    pub fn hardened(level: SecurityLevel) -> Self {
        let (idle, absolute) = level.minutes();
        let absolute_age = Span::from_secs(absolute * 60);
        Self {
            cookie_name: "__Host-sessionid".into(),
            cookie_secure: true,
            cookie_httponly: true,
            cookie_samesite: SameSite::Lax,
            cookie_age: absolute_age,
            idle_age: idle.map(|minutes| Span::from_secs(minutes * 60)),
            absolute_age: Some(absolute_age),
            expire_at_browser_close: level.ends_with_the_browser(),
            key_storage: KeyStorage::Hashed,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OnUndecodable;

    const LEVELS: [SecurityLevel; 5] = [
        SecurityLevel::Aal1,
        SecurityLevel::Aal2,
        SecurityLevel::Aal3,
        SecurityLevel::LowRisk,
        SecurityLevel::HighValue,
    ];

    #[test]
    fn every_level_can_work_and_has_a_cookie_of_this_host_alone() {
        for level in LEVELS {
            let settings = Settings::hardened(level);
            assert_eq!(settings.check(), Ok(()), "{level:?}");
            assert_eq!(settings.cookie_name, "__Host-sessionid");
            assert!(settings.cookie_secure && settings.cookie_httponly);
            assert_eq!((&*settings.cookie_path, &settings.cookie_domain), ("/", &None));
            assert_eq!(settings.on_undecodable, OnUndecodable::Keep);
            assert_eq!(settings.key_storage, KeyStorage::Hashed);
            assert!(!settings.save_every_request);
        }
    }

    /// Promise 8
    #[test]
    fn the_limits_are_those_of_the_sources() {
        let hours = |hours: i64| Some(Span::from_secs(hours * 3600));
        let minutes = |minutes: i64| Some(Span::from_secs(minutes * 60));
        let limits = LEVELS.map(|level| {
            let settings = Settings::hardened(level);
            (settings.idle_age, settings.absolute_age, settings.expire_at_browser_close)
        });
        assert_eq!(
            limits,
            [
                (None, hours(30 * 24), false),
                (hours(1), hours(24), false),
                (minutes(15), hours(12), false),
                (minutes(30), hours(8), true),
                (minutes(5), hours(4), true),
            ]
        );
    }
}
