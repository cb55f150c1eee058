//! `Vary` and `Cache-Control` as a handler set them.

use http::HeaderValue;
use lodger_http::{cache_control, vary};

use crate::input::Input;

/// Lines are headers.
///
/// Whatever they say, the response varies on the cookie and is kept from shared caches, nothing else
/// that they name is lost, and doing it again changes nothing.
pub(super) fn check(bytes: &[u8]) {
    let rest = Input::new(bytes).rest();
    let headers: Vec<&[u8]> = rest.split(|byte| *byte == b'\n').collect();
    let valid = headers.iter().all(|header| HeaderValue::from_bytes(header).is_ok());

    let varies = vary::with_cookie(headers.iter().copied());
    assert!(varies == "*" || names(varies.as_bytes()).any(|name| is(name, "cookie")));
    assert_eq!(vary::with_cookie([varies.as_bytes()]), varies);
    if valid && varies != "*" {
        let kept: Vec<&[u8]> = names(varies.as_bytes()).collect();
        assert!(headers.iter().copied().flat_map(names).all(|name| kept.contains(&name)));
    }

    let Some(value) = cache_control::without_sharing(headers.iter().copied()) else {
        let one = headers.join(b", ".as_slice());
        assert_eq!(cache_control::without_sharing([one.as_slice()]), None);
        let said = |wanted| headers.iter().any(|header| says(header, wanted));
        assert!(said("private") || said("no-store"), "a response was left shared");
        return;
    };
    assert!(value.as_bytes().starts_with(b"private"));
    assert_eq!(cache_control::without_sharing([value.as_bytes()]), None);
    if valid && headers.contains(&b"no-store".as_slice()) {
        assert!(says(value.as_bytes(), "no-store"), "what was not to be stored may be");
    }
    // Quotes may hold commas, which takes the reader itself to tell.
    if valid && !rest.contains(&b'"') {
        let kept: Vec<&[u8]> = names(value.as_bytes()).collect();
        for directive in headers.iter().copied().flat_map(names) {
            let name = directive.split(|byte| *byte == b'=').next().unwrap_or_default();
            let gone = ["public", "s-maxage"].iter().any(|word| is(name.trim_ascii(), word));
            if !is(name.trim_ascii(), "private") {
                assert_eq!(kept.contains(&directive), !gone);
            }
        }
    }
}

fn names(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii).filter(|name| !name.is_empty())
}

fn says(header: &[u8], wanted: &str) -> bool {
    names(header).any(|name| is(name, wanted))
}

fn is(name: &[u8], other: &str) -> bool {
    name.eq_ignore_ascii_case(other.as_bytes())
}
