//! Reading the `Cookie` headers of a request.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};
use lodger_core::{CookieValue, Presented, Settings};

use super::quote::unquote;

/// Reads our cookie from all `Cookie` headers of a request, in their order.
///
/// Headers are split at `;`, the parts at their first `=`, and trimmed; the last cookie of our name
/// is ours, and names are compared by case. A value in double quotes is taken out of them, with
/// `\"`, `\\` and `\ooo`. The bytes are taken as they are, in whatever encoding.
///
/// If the headers are longer than `limits.cookie_header` together, nothing is read. A value longer
/// than `limits.cookie_value` is presented as an empty one, which is no key: its cookie is removed.
/// Time is linear in the headers, memory is taken for our cookie's value alone.
///
/// # Django
///
/// `parse_cookie`, which has no limits. It also trims the blanks of Unicode; here these belong to
/// the name or value, so that no name can pass for one with a `__Host-` prefix.
///
/// ```
/// use lodger_core::{Presented, Settings};
/// use lodger_http::cookie::read;
///
/// let header = b"theme=dark; sessionid=abcdefgh".as_slice();
/// let presented = read([header], &Settings::default());
/// assert_eq!(presented.value().unwrap().expose(), b"abcdefgh");
/// assert_eq!(read([b"theme=dark".as_slice()], &Settings::default()), Presented::Absent);
/// ```
#[must_use]
pub fn read<'a, H>(headers: H, settings: &Settings) -> Presented
where
    H: IntoIterator<Item = &'a [u8]>,
{
    let limits = &settings.limits;
    let name = settings.cookie_name.as_bytes();
    let (mut total, mut found) = (0_usize, None);
    for header in headers {
        total = total.saturating_add(header.len());
        if total > limits.cookie_header {
            return Presented::Absent;
        }
        // From the end, since the last one counts.
        if let Some(value) = header.rsplit(|&byte| byte == b';').find_map(|part| value(part, name))
        {
            found = Some(value);
        }
    }
    let Some(found) = found else { return Presented::Absent };
    let value = unquote(found, limits.cookie_value).unwrap_or_default();
    Presented::Value(CookieValue::new(&*value))
}

/// Reads our cookie from the headers of a request, as [`read`] does.
#[must_use]
pub fn read_headers(headers: &HeaderMap, settings: &Settings) -> Presented {
    read(headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes), settings)
}

/// The value in a part of a header, if the part has this name.
fn value<'a>(part: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let equals = part.iter().position(|&byte| byte == b'=')?;
    (part[..equals].trim_ascii() == name).then(|| part[equals + 1..].trim_ascii())
}
