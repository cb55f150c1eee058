//! How large a cookie may be.

use lodger_core::{CookieExpiry, EncodeError, SameSite, Settings};

/// The largest cookie that every browser keeps, in bytes: name, value and attributes together, as they
/// are sent.
pub const LARGEST_COOKIE: usize = 4096;

/// What a date takes in a header: `Tue, 28 Nov 2023 22:13:20 GMT`.
const DATE: usize = 29;

/// Refuses a value whose cookie no browser would keep, or that we would not read back.
pub(super) fn check(
    settings: &Settings,
    value: &str,
    expiry: CookieExpiry,
) -> Result<(), EncodeError> {
    let limit = settings.limits.cookie_value;
    if value.len() > limit {
        return Err(EncodeError::TooLarge { size: value.len(), limit });
    }
    let (size, limit) = (size(settings, value, expiry), LARGEST_COOKIE);
    if size > limit { Err(EncodeError::TooLarge { size, limit }) } else { Ok(()) }
}

/// The length of the header that sets this cookie. Signed text needs no quotes.
fn size(settings: &Settings, value: &str, expiry: CookieExpiry) -> usize {
    let mut size = settings.cookie_name.len() + 1 + value.len();
    if let Some(domain) = &settings.cookie_domain {
        size += "; Domain=".len() + domain.len();
    }
    if let CookieExpiry::MaxAge(span) = expiry {
        let seconds = span.whole_seconds().to_string();
        size += "; expires=".len() + DATE + "; Max-Age=".len() + seconds.len();
    }
    if settings.cookie_httponly {
        size += "; HttpOnly".len();
    }
    size += "; Path=".len() + settings.cookie_path.len();
    size += match settings.cookie_samesite {
        SameSite::Strict => "; SameSite=Strict".len(),
        SameSite::Lax => "; SameSite=Lax".len(),
        SameSite::None => "; SameSite=None".len(),
        _ => 0,
    };
    if settings.cookie_secure {
        size += "; Secure".len();
    }
    size
}
