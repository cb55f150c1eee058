//! Keeping shared caches out.

use http::header::{CACHE_CONTROL, HeaderMap, HeaderValue};
use lodger_http::cache_control;

fn forbidden(present: &[&str]) -> Vec<String> {
    let mut headers = HeaderMap::new();
    for value in present {
        headers.append(CACHE_CONTROL, HeaderValue::from_str(value).unwrap());
    }
    cache_control::forbid_sharing(&mut headers);
    headers.get_all(CACHE_CONTROL).iter().map(|value| value.to_str().unwrap().to_owned()).collect()
}

/// Promise 13
#[test]
fn what_invites_a_shared_cache_becomes_private() {
    assert_eq!(forbidden(&["public"]), ["private"]);
    assert_eq!(forbidden(&["s-maxage=600"]), ["private"]);
    assert_eq!(forbidden(&["max-age=60, Public, S-MaxAge = 600"]), ["private, max-age=60"]);
    assert_eq!(forbidden(&["max-age=60", "public"]), ["private, max-age=60"]);
}

#[test]
fn other_directives_are_kept_with_their_quoted_arguments() {
    assert_eq!(
        forbidden(&[r#"public, no-cache="Set-Cookie, X", ext="a\", s-maxage=1""#]),
        [r#"private, no-cache="Set-Cookie, X", ext="a\", s-maxage=1""#]
    );
}

#[test]
fn a_private_for_some_fields_gives_way_to_one_for_all() {
    assert_eq!(forbidden(&[r#"private="X", public"#]), ["private"]);
    assert_eq!(forbidden(&["private, public"]), ["private"]);
}

#[test]
fn nothing_changes_without_an_invitation() {
    assert_eq!(forbidden(&[]), [""; 0]);
    for value in
        ["no-store", "max-age=60,  must-revalidate", r#"ext="public, s-maxage=1""#, "publicity"]
    {
        assert_eq!(forbidden(&[value]), [value]);
    }
}

#[test]
fn a_quote_that_is_never_closed_hides_nothing() {
    assert_eq!(forbidden(&[r#"ext="a, public"#]), [r#"private, ext="a"#]);
}
