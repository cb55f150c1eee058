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

/// Promise 13
#[test]
fn a_response_that_says_nothing_of_sharing_is_private_too() {
    assert_eq!(forbidden(&[]), ["private"]);
    assert_eq!(
        forbidden(&["max-age=60,  must-revalidate"]),
        ["private, max-age=60, must-revalidate"]
    );
    assert_eq!(forbidden(&[r#"ext="private""#]), [r#"private, ext="private""#]);
    assert_eq!(forbidden(&[r#"private="X""#]), ["private"]);
    assert_eq!(forbidden(&["privateer"]), ["private, privateer"]);
}

#[test]
fn nothing_changes_where_shared_caches_are_kept_out() {
    for value in ["no-store", "max-age=60,  Private", r#"NO-STORE, ext="public""#] {
        assert_eq!(forbidden(&[value]), [value]);
    }
}

#[test]
fn a_quote_that_is_never_closed_hides_nothing() {
    assert_eq!(forbidden(&[r#"ext="a, public"#]), [r#"private, ext="a"#]);
}

/// Promise 13
#[test]
fn an_open_quote_hides_no_private_from_anybody() {
    assert_eq!(forbidden(&[r#"ext="a, private"#]), [r#"private, ext="a"#]);
    assert_eq!(forbidden(&[r#"ext="a, no-store"#]), [r#"private, no-store, ext="a"#]);
    assert_eq!(forbidden(&[r#"private, ext="a"#]), [r#"private, ext="a"#]);
}

/// Promise 13
#[test]
fn no_store_does_not_keep_out_who_understands() {
    assert_eq!(forbidden(&["must-understand, no-store"]), ["private, must-understand, no-store"]);
    let private = "must-understand, no-store, private";
    assert_eq!(forbidden(&[private]), [private]);
}

/// Promise 13
#[test]
fn quotes_of_two_headers_hide_nothing() {
    let mixed = [r#"ext=", max-age=60"#, r#"k=", s-maxage=600, e=""#];
    assert_eq!(forbidden(&mixed), [r#"private, max-age=60, ext=", k=", e=""#]);
    let invited = ["private", r#"ext=""#, r#"k=", public, e=""#];
    assert_eq!(forbidden(&invited), [r#"private, ext=", k=", e=""#]);
    let hidden = [r#"ext=""#, "no-store", r#"k=""#];
    assert_eq!(forbidden(&hidden), [r#"private, no-store, ext=", k=""#]);
}
