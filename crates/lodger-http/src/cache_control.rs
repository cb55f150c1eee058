//! The `Cache-Control` header of a response that carries our cookie.

use http::HeaderMap;
use http::header::{CACHE_CONTROL, HeaderValue};

const SEPARATOR: &[u8] = b", ";

/// The value of a `Cache-Control` header that keeps shared caches out: `private` stands in place of
/// `public` and `s-maxage`, all else is kept. `None`: they are kept out already.
///
/// A response that says nothing of caches may be stored by them too, and `Vary` does not help: two
/// visitors who come for the first time send the same cookie, none.
///
/// ```
/// use lodger_http::cache_control::without_sharing;
///
/// let value = without_sharing([b"public, max-age=60, s-maxage=600".as_slice()]);
/// assert_eq!(value.unwrap(), "private, max-age=60");
/// assert_eq!(without_sharing([]).unwrap(), "private");
/// assert_eq!(without_sharing([b"no-store".as_slice()]), None);
/// ```
#[must_use]
pub fn without_sharing<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> Option<HeaderValue> {
    let headers: Vec<&[u8]> = present.into_iter().collect();
    // Whoever reads many headers as one lets quotes that are open find each other.
    let one = headers.join(SEPARATOR);
    let each = || headers.iter().copied().flat_map(directives);
    if keep_out(each()) && keep_out(directives(&one)) {
        return None;
    }
    let mut value = private(each());
    while !keep_out(directives(&value)) {
        value = private(directives(&value));
    }
    // Bytes that no header may hold can come from a caller only; then the safest is said.
    let value = HeaderValue::try_from(value);
    Some(value.unwrap_or_else(|_| HeaderValue::from_static("private, no-store")))
}

/// Whether shared caches are kept out, and not invited as well.
fn keep_out<'a>(directives: impl Iterator<Item = &'a [u8]>) -> bool {
    let mut kept_out = false;
    for directive in directives {
        if invites(directive) {
            return false;
        }
        // A `private` with an argument hides single fields only, and may not soften the plain one.
        kept_out |= is(directive, "private") || is(directive, "no-store");
    }
    kept_out
}

/// `private` in place of whatever invites shared caches.
fn private<'a>(directives: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let kept =
        directives.filter(|directive| !invites(directive) && !is(name(directive), "private"));
    let value: Vec<&[u8]> = std::iter::once(b"private".as_slice()).chain(kept).collect();
    value.join(SEPARATOR)
}

fn invites(directive: &[u8]) -> bool {
    let name = name(directive);
    is(name, "public") || is(name, "s-maxage")
}

/// Keeps shared caches from storing a response.
pub fn forbid_sharing(headers: &mut HeaderMap) {
    let present = headers.get_all(CACHE_CONTROL).iter().map(HeaderValue::as_bytes);
    if let Some(value) = without_sharing(present) {
        headers.insert(CACHE_CONTROL, value);
    }
}

/// The directives of one header: split at the commas outside of quotes. A quote that is never
/// closed is an ordinary character, or it would hide what follows.
fn directives(header: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = header;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = directive_end(rest);
            let directive = rest[..end].trim_ascii();
            rest = rest.get(end + 1..).unwrap_or_default();
            if !directive.is_empty() {
                return Some(directive);
            }
        }
        None
    })
}

fn directive_end(text: &[u8]) -> usize {
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b',' => return at,
            b'"' => at += quoted_length(&text[at..]).unwrap_or(1),
            _ => at += 1,
        }
    }
    text.len()
}

/// The length of the quoted text that begins here, with both quotes.
fn quoted_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    while at < text.len() {
        match text[at] {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    None
}

fn name(directive: &[u8]) -> &[u8] {
    let end = directive.iter().position(|&byte| byte == b'=').unwrap_or(directive.len());
    directive[..end].trim_ascii_end()
}

fn is(name: &[u8], other: &str) -> bool {
    name.eq_ignore_ascii_case(other.as_bytes())
}
