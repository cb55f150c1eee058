//! Writing `Set-Cookie`.

use lodger_core::{
    CookieExpiry, CookieValue, Presented, SameSite, SessionCookie, Settings, Span, Timestamp,
};
use lodger_http::CookieError;
use lodger_http::cookie::{read, remove, set};

/// 2023-11-14T22:13:20.123456Z
const NOW: Timestamp = Timestamp::from_micros(1_700_000_000_123_456);

fn cookie(value: impl AsRef<[u8]>, expiry: CookieExpiry) -> SessionCookie {
    SessionCookie { value: CookieValue::new(value.as_ref()), expiry }
}

fn written(change: impl FnOnce(&mut Settings)) -> (String, String) {
    let mut settings = Settings::django();
    change(&mut settings);
    let cookie = cookie("abcdefgh", CookieExpiry::MaxAge(Span::from_secs(60)));
    let set = set(&settings, &cookie, NOW).unwrap();
    let removed = remove(&settings).unwrap();
    (set.to_str().unwrap().to_owned(), removed.to_str().unwrap().to_owned())
}

fn lasting(span: Span) -> String {
    let cookie = cookie("abcdefgh", CookieExpiry::MaxAge(span));
    set(&Settings::django(), &cookie, NOW).unwrap().to_str().unwrap().to_owned()
}

#[test]
fn both_texts_are_djangos() {
    let (set, removed) = written(|_| {});
    assert_eq!(
        set,
        "sessionid=abcdefgh; expires=Tue, 14 Nov 2023 22:14:20 GMT; HttpOnly; Max-Age=60; Path=/; \
         SameSite=Lax"
    );
    assert_eq!(
        removed,
        "sessionid=\"\"; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=Lax"
    );
}

/// Django: SessionMiddlewareTests.test_secure_session_cookie
#[test]
fn secure_is_set_and_left_out_of_the_removal() {
    let (set, removed) = written(|settings| settings.cookie_secure = true);
    assert!(set.ends_with("; Secure"), "{set}");
    assert!(!removed.contains("Secure"), "{removed}");
}

/// Django: SessionMiddlewareTests.test_httponly_session_cookie
/// Django: SessionMiddlewareTests.test_no_httponly_session_cookie
#[test]
fn httponly_follows_the_setting_and_is_never_in_the_removal() {
    let (set, removed) = written(|settings| settings.cookie_httponly = true);
    assert!(set.contains("; HttpOnly;") && !removed.contains("HttpOnly"));
    let (set, _) = written(|settings| settings.cookie_httponly = false);
    assert!(!set.contains("HttpOnly"), "{set}");
}

/// Django: SessionMiddlewareTests.test_samesite_session_cookie
#[test]
fn samesite_is_in_both_or_in_none() {
    for (choice, attribute) in [
        (SameSite::Strict, Some("; SameSite=Strict")),
        (SameSite::Lax, Some("; SameSite=Lax")),
        (SameSite::None, Some("; SameSite=None")),
        (SameSite::Omitted, None),
    ] {
        let (set, removed) = written(|settings| settings.cookie_samesite = choice);
        for text in [set, removed] {
            assert_eq!(
                text.find("; SameSite=").map(|at| text[at..].split("; Sec").next().unwrap()),
                attribute
            );
        }
    }
}

/// Django: SessionMiddlewareTests.test_session_delete_on_end_with_custom_domain_and_path
#[test]
fn the_removal_names_the_same_domain_and_path() {
    let (set, removed) = written(|settings| {
        settings.cookie_domain = Some(".example.local".into());
        settings.cookie_path = "/example/".into();
    });
    assert!(set.starts_with("sessionid=abcdefgh; Domain=.example.local; expires="), "{set}");
    assert!(set.contains("; Path=/example/;"), "{set}");
    assert_eq!(
        removed,
        "sessionid=\"\"; Domain=.example.local; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; \
         Path=/example/; SameSite=Lax"
    );
}

#[test]
fn a_removal_that_browsers_would_refuse_otherwise_is_secure() {
    for name in ["__Host-id", "__Secure-id", "__HOST-id"] {
        let (_, removed) = written(|settings| settings.cookie_name = name.into());
        assert!(removed.ends_with("; Secure"), "{removed}");
    }
    let (_, removed) = written(|settings| settings.cookie_samesite = SameSite::None);
    assert!(removed.ends_with("; SameSite=None; Secure"), "{removed}");
    let (_, removed) = written(|settings| settings.cookie_name = "__Hostile".into());
    assert!(!removed.contains("Secure"), "{removed}");
}

#[test]
fn a_cookie_until_the_browser_closes_has_no_age() {
    let cookie = cookie("abcdefgh", CookieExpiry::AtBrowserClose);
    let text = set(&Settings::django(), &cookie, NOW).unwrap();
    assert_eq!(text, "sessionid=abcdefgh; HttpOnly; Path=/; SameSite=Lax");
}

#[test]
fn ages_are_whole_seconds_and_dates_count_the_fraction() {
    let text = lasting(Span::from_micros(90_900_000));
    assert!(
        text.contains("expires=Tue, 14 Nov 2023 22:14:51 GMT; HttpOnly; Max-Age=90;"),
        "{text}"
    );
    let text = lasting(Span::from_secs(-60));
    assert!(
        text.contains("expires=Tue, 14 Nov 2023 22:12:20 GMT; HttpOnly; Max-Age=-60;"),
        "{text}"
    );
    let text = lasting(Span::from_micros(-900_000));
    assert!(text.contains("Max-Age=0;"), "{text}");
}

#[test]
fn no_age_is_beyond_the_calendar() {
    let text = lasting(Span::from_secs(i64::MAX));
    assert!(text.contains("expires=Fri, 31 Dec 9999 23:59:59 GMT"), "{text}");
    let text = lasting(Span::from_secs(i64::MIN));
    assert!(text.contains("expires=Thu, 01 Jan 1970 00:00:00 GMT"), "{text}");
    let text = lasting(Span::from_secs(-1_700_000_001));
    assert!(text.contains("expires=Thu, 01 Jan 1970 00:00:00 GMT; HttpOnly; Max-Age=-1700000001"));
}

#[test]
fn what_no_cookie_may_hold_is_quoted_and_read_back() {
    let settings = Settings::django();
    for (value, quoted) in [
        ("", "\"\""),
        ("a:b|c~", "a:b|c~"),
        ("a;b,c", r#""a\073b\054c""#),
        (r#"a"b\c"#, r#""a\"b\\c""#),
        ("a b(c)/<=>?@[]{}", "\"a b(c)/<=>?@[]{}\""),
        ("\r\n\0\x7f", r#""\015\012\000\177""#),
        ("\u{e9}\u{ff}", r#""\351\377""#),
    ] {
        let header = set(&settings, &cookie(value, CookieExpiry::AtBrowserClose), NOW).unwrap();
        let pair = header.to_str().unwrap().split("; ").next().unwrap().to_owned();
        assert_eq!(pair, format!("sessionid={quoted}"));
        let back = read([pair.as_bytes()], &settings);
        assert_eq!(back, Presented::Value(CookieValue::new(value.as_bytes())));
    }
}

#[test]
fn what_cannot_be_written_is_a_typed_error() {
    let settings = Settings::django();
    for value in ["\u{100}".as_bytes(), "key \u{1f36a}".as_bytes(), b"\xff".as_slice()] {
        let result = set(&settings, &cookie(value, CookieExpiry::AtBrowserClose), NOW);
        assert_eq!(result, Err(CookieError::Value));
    }
    let result = set(&settings, &cookie([b'k'; 4097], CookieExpiry::AtBrowserClose), NOW);
    assert_eq!(result, Err(CookieError::TooLarge { size: 4097, limit: 4096 }));

    let mut unchecked = Settings::django();
    unchecked.cookie_path = "/\r\nSet-Cookie: a=b".into();
    let result = set(&unchecked, &cookie("abcdefgh", CookieExpiry::AtBrowserClose), NOW);
    assert_eq!(result, Err(CookieError::Settings));
    assert_eq!(remove(&unchecked), Err(CookieError::Settings));
}
