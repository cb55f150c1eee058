//! Writing `Set-Cookie`, for setting and removing alike.

use std::fmt::Write;
use std::time::SystemTime;

use http::HeaderValue;
use lodger_core::{CookieExpiry, SameSite, SessionCookie, Settings, Timestamp};

use super::CookieError;
use super::quote::quote;

/// The instant that removes a cookie.
const EPOCH: Timestamp = Timestamp::from_micros(0);

/// The value of a `Set-Cookie` header that gives a session to its visitor.
///
/// `Expires` is counted from `now`, and not before 1970: browsers take it for a date in the past
/// anyway.
///
/// # Errors
///
/// When no browser could keep the value, or settings that were never checked break the header.
///
/// # Django
///
/// `response.set_cookie`, to the byte.
pub fn set(
    settings: &Settings,
    cookie: &SessionCookie,
    now: Timestamp,
) -> Result<HeaderValue, CookieError> {
    let (size, limit) = (cookie.value.expose().len(), settings.limits.cookie_value);
    if size > limit {
        return Err(CookieError::TooLarge { size, limit });
    }
    let value = quote(cookie.value.expose())?;
    let lifetime = match cookie.expiry {
        CookieExpiry::AtBrowserClose => None,
        CookieExpiry::MaxAge(span) => Some((span.whole_seconds(), now + span)),
    };
    header(settings, &value, lifetime, settings.cookie_httponly, settings.cookie_secure)
}

/// The value of a `Set-Cookie` header that removes the cookie from the browser.
///
/// `Secure` is there only where browsers would refuse the header without it: with a `__Host-` or
/// `__Secure-` name, and with `SameSite=None`. A `Secure` cookie is removed without it too, since
/// browsers protect one only from answers that came over plain HTTP, and it is never sent to where
/// these come from.
///
/// # Errors
///
/// When settings that were never checked break the header.
///
/// # Django
///
/// `response.delete_cookie`, to the byte.
pub fn remove(settings: &Settings) -> Result<HeaderValue, CookieError> {
    let secure = settings.cookie_samesite == SameSite::None || settings.has_secure_prefix();
    header(settings, "\"\"", Some((0, EPOCH)), false, secure)
}

/// Attributes stand in the alphabetical order in which Python sorts them.
fn header(
    settings: &Settings,
    value: &str,
    lifetime: Option<(i64, Timestamp)>,
    httponly: bool,
    secure: bool,
) -> Result<HeaderValue, CookieError> {
    let mut text = String::with_capacity(settings.cookie_name.len() + value.len() + 128);
    text.extend([&settings.cookie_name, "=", value]);
    if let Some(domain) = &settings.cookie_domain {
        text.extend(["; Domain=", domain]);
    }
    if let Some((_, expires)) = lifetime {
        let expires = httpdate::HttpDate::from(SystemTime::from(expires.max(EPOCH)));
        write!(text, "; expires={expires}").expect("a String takes any text");
    }
    if httponly {
        text.push_str("; HttpOnly");
    }
    if let Some((max_age, _)) = lifetime {
        write!(text, "; Max-Age={max_age}").expect("a String takes any text");
    }
    text.extend(["; Path=", &settings.cookie_path]);
    match settings.cookie_samesite {
        SameSite::Strict => text.push_str("; SameSite=Strict"),
        SameSite::Lax => text.push_str("; SameSite=Lax"),
        SameSite::None => text.push_str("; SameSite=None"),
        // Omitted, or a choice that came later than this crate and which it cannot name.
        _ => {}
    }
    if secure {
        text.push_str("; Secure");
    }
    let mut header = HeaderValue::try_from(text).map_err(|_| CookieError::Settings)?;
    header.set_sensitive(true);
    Ok(header)
}
