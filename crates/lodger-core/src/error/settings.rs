//! When settings are checked.

use thiserror::Error;

/// Settings that cannot work.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The name is no cookie name.
    #[error("cookie_name must be a non-empty token of letters, digits and !#$%&'*+-.^_`|~")]
    CookieName,
    /// The path is no cookie path.
    #[error("cookie_path must start with '/' and hold printable ASCII without ';'")]
    CookiePath,
    /// The domain is no cookie domain.
    #[error("cookie_domain must be non-empty printable ASCII without blanks and ';'")]
    CookieDomain,
    /// Browsers refuse the cookie.
    #[error("cookie_samesite None needs cookie_secure: browsers refuse the cookie otherwise")]
    SameSiteNoneWithoutSecure,
    /// Browsers refuse the cookie.
    #[error("a cookie name with the prefix __Host- or __Secure- needs cookie_secure")]
    PrefixWithoutSecure,
    /// Browsers refuse the cookie.
    #[error("a cookie name with the prefix __Host- needs cookie_path '/' and no cookie_domain")]
    HostPrefix,
    /// Django could not find a session under a hash.
    #[error("key_storage must be Plain while shared_with_django: Django stores keys as they are")]
    HashedKeysSharedWithDjango,
    /// Django could not find a session under a hash.
    #[error("key_storage must be Plain with a store in Django's layout: give it Lodger's own")]
    HashedKeysInDjangoLayout,
    /// A limit of a session's life is shorter than a second.
    #[error("{age} must be a second at least")]
    Age {
        /// The setting.
        age: &'static str,
    },
    /// The idle limit would never end a session.
    #[error(
        "idle_age must be shorter than cookie_age and absolute_age: a session ends then, used or not"
    )]
    IdleAge,
    /// A session in a file would outlive the limits.
    #[error(
        "idle_age and absolute_age need file_seconds SinceWritten: the file of a session with seconds \
         of its own would never end otherwise"
    )]
    FileSeconds,
    /// A bound is too small for any session.
    #[error("the limit {limit} is too small for any session")]
    Limit {
        /// The field of `Limits`.
        limit: &'static str,
    },
}
