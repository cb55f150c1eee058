//! The `Cache-Control` header of a response that carries our cookie.

use http::HeaderMap;
use http::header::{CACHE_CONTROL, HeaderValue};

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
    let each = || headers.iter().copied().flat_map(Directives::of);
    // Whoever reads many headers as one lets quotes that are open find each other.
    let is_plain = headers.len() < 2 || !headers.iter().any(|header| header.contains(&b'"'));
    if is_plain && keep_out(&headers) {
        return None;
    }
    let mut value = private(each());
    while !keep_out(&[&value]) {
        value = private(Directives::of(&value));
    }
    // Bytes that no header may hold can come from a caller only; then the safest is said.
    let value = HeaderValue::try_from(value);
    Some(value.unwrap_or_else(|_| HeaderValue::from_static("private, no-store")))
}

/// Whether shared caches are kept out, and not invited as well.
fn keep_out(headers: &[&[u8]]) -> bool {
    let (mut private, mut no_store, mut understood) = (false, false, false);
    for header in headers {
        let mut directives = Directives::of(header);
        while let Some(directive) = directives.next() {
            if invites(directive) {
                return false;
            }
            // Whoever understands the response need not heed `no-store` then.
            understood |= is(name(directive), "must-understand");
            // An open quote hides from some readers what comes after it. And a `private` with an
            // argument hides single fields only, and may not soften the plain one.
            private |= !directives.is_open && is(directive, "private");
            no_store |= !directives.is_open && is(directive, "no-store");
        }
    }
    private || no_store && !understood
}

/// `private` in place of whatever invites shared caches; last what has quotes, so that one that is open
/// hides nothing else.
fn private<'a>(directives: impl Iterator<Item = &'a [u8]>) -> Vec<u8> {
    let kept =
        directives.filter(|directive| !invites(directive) && !is(name(directive), "private"));
    let (quoted, plain): (Vec<_>, Vec<_>) = kept.partition(|directive| directive.contains(&b'"'));
    [vec![b"private".as_slice()], plain, quoted].concat().join(b", ".as_slice())
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
struct Directives<'a> {
    rest: &'a [u8],
    /// Whether there was such a quote: then all that follow are ordinary, too.
    is_open: bool,
}

impl<'a> Directives<'a> {
    const fn of(header: &'a [u8]) -> Self {
        Self { rest: header, is_open: false }
    }

    /// Where the first one ends.
    fn end(&mut self) -> usize {
        let mut at = 0;
        while at < self.rest.len() {
            at += match self.rest[at] {
                b',' => return at,
                b'"' if !self.is_open => quoted_length(&self.rest[at..]).unwrap_or_else(|| {
                    self.is_open = true;
                    1
                }),
                _ => 1,
            };
        }
        self.rest.len()
    }
}

impl<'a> Iterator for Directives<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        while !self.rest.is_empty() {
            let end = self.end();
            let directive = self.rest[..end].trim_ascii();
            self.rest = self.rest.get(end + 1..).unwrap_or_default();
            if !directive.is_empty() {
                return Some(directive);
            }
        }
        None
    }
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
