//! Merging into `Vary`.

use http::header::{HeaderMap, HeaderValue, VARY};
use lodger_http::vary;

fn merged(present: &[&str]) -> Vec<String> {
    let mut headers = HeaderMap::new();
    for value in present {
        headers.append(VARY, HeaderValue::from_str(value).unwrap());
    }
    vary::add_cookie(&mut headers);
    headers.get_all(VARY).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

#[test]
fn names_are_kept_and_ours_comes_last() {
    assert_eq!(merged(&[]), ["Cookie"]);
    assert_eq!(merged(&["Accept-Encoding"]), ["Accept-Encoding, Cookie"]);
    assert_eq!(merged(&["a ,b,,\t, c"]), ["a, b, c, Cookie"]);
    assert_eq!(merged(&[""]), ["Cookie"]);
}

#[test]
fn a_name_that_is_there_is_not_added_whatever_its_case() {
    assert_eq!(merged(&["COOKIE , Accept"]), ["COOKIE, Accept"]);
    assert_eq!(merged(&["Cookie2"]), ["Cookie2, Cookie"]);
}

#[test]
fn several_headers_become_one() {
    assert_eq!(merged(&["Accept", "Origin, cookie"]), ["Accept, Origin, cookie"]);
}

#[test]
fn a_star_says_it_all() {
    assert_eq!(merged(&["*"]), ["*"]);
    assert_eq!(merged(&["Accept", "Cookie, *"]), ["*"]);
}

#[test]
fn bytes_beyond_ascii_are_kept() {
    let merged = vary::with_cookie([b"caf\xe9".as_slice()]);
    assert_eq!(merged.as_bytes(), b"caf\xe9, Cookie");
}
