//! The `Vary` header, which tells caches what a response depends on.

use http::HeaderMap;
use http::header::{HeaderValue, VARY};

/// The value of a `Vary` header that names `Cookie` beside all that the present ones name.
///
/// Names are compared without regard to case and joined anew; `*` says everything already.
///
/// # Django
///
/// `patch_vary_headers(response, ["Cookie"])`.
///
/// ```
/// use lodger_http::vary::with_cookie;
///
/// assert_eq!(with_cookie([]), "Cookie");
/// assert_eq!(with_cookie([b"Accept,  accept-language".as_slice()]), "Accept, accept-language, Cookie");
/// assert_eq!(with_cookie([b"Accept".as_slice(), b"*"]), "*");
/// ```
#[must_use]
pub fn with_cookie<'a>(present: impl IntoIterator<Item = &'a [u8]>) -> HeaderValue {
    let mut merged = Vec::new();
    let mut named = false;
    let lists = present.into_iter().flat_map(|list| list.split(|&byte| byte == b','));
    for name in lists.map(<[u8]>::trim_ascii).filter(|name| !name.is_empty()) {
        if name == b"*" {
            return HeaderValue::from_static("*");
        }
        named |= name.eq_ignore_ascii_case(b"cookie");
        push(&mut merged, name);
    }
    if merged.is_empty() {
        return HeaderValue::from_static("Cookie");
    }
    if !named {
        push(&mut merged, b"Cookie");
    }
    // Bytes that no header may hold can come from a caller only; then the safest is said.
    HeaderValue::try_from(merged).unwrap_or_else(|_| HeaderValue::from_static("*"))
}

/// Has a response vary on `Cookie`.
pub fn add_cookie(headers: &mut HeaderMap) {
    let value = with_cookie(headers.get_all(VARY).iter().map(HeaderValue::as_bytes));
    headers.insert(VARY, value);
}

fn push(list: &mut Vec<u8>, name: &[u8]) {
    if !list.is_empty() {
        list.extend_from_slice(b", ");
    }
    list.extend_from_slice(name);
}
