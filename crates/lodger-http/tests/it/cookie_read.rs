//! Reading the `Cookie` headers.

use http::header::{COOKIE, HeaderMap, HeaderValue};
use lodger_core::{Presented, Settings};
use lodger_http::cookie::{read, read_headers};

fn value(headers: &[&[u8]]) -> Option<Vec<u8>> {
    let presented = read(headers.iter().copied(), &Settings::default());
    presented.value().map(|value| value.expose().to_vec())
}

fn text(header: &str) -> Option<String> {
    value(&[header.as_bytes()]).map(|value| String::from_utf8(value).unwrap())
}

#[test]
fn the_last_of_equal_names_wins_across_headers_too() {
    assert_eq!(text("sessionid=a; sessionid=b; other=c").as_deref(), Some("b"));
    assert_eq!(value(&[b"sessionid=a", b"sessionid=b; x=y", b"z=1"]), Some(b"b".to_vec()));
    assert_eq!(text("sessionid=a; sessionid=").as_deref(), Some(""));
}

#[test]
fn names_are_compared_by_case_and_as_a_whole() {
    for header in ["SessionID=a", "sessionid2=a", "xsessionid=a", "session id=a", "sessionid"] {
        assert_eq!(text(header), None, "{header}");
    }
}

#[test]
fn parts_are_split_at_the_first_equals_sign_and_trimmed() {
    assert_eq!(text("sessionid=a=b==").as_deref(), Some("a=b=="));
    assert_eq!(text(" \t sessionid \t=\t a b \t;").as_deref(), Some("a b"));
    assert_eq!(text("=sessionid=a"), None);
}

#[test]
fn quoted_values_are_taken_out_of_their_quotes() {
    for (header, expected) in [
        (r#"sessionid="a:b""#, "a:b"),
        (r#"sessionid="a\"b\\c""#, r#"a"b\c"#),
        (r#"sessionid="\073\054\351""#, ";,\u{e9}"),
        (r#"sessionid="\47a\400\08""#, "47a40008"),
        (r#"sessionid="""#, ""),
        (r#"sessionid="a"#, r#""a"#),
        (r#"sessionid=a""#, r#"a""#),
        (r#"sessionid=""#, r#"""#),
        (r#"sessionid="a\""#, r#"a\"#),
        (r"sessionid=a\073", r"a\073"),
    ] {
        assert_eq!(text(header).as_deref(), Some(expected), "{header}");
    }
    // A semicolon ends a part even within quotes.
    assert_eq!(text(r#"sessionid="a;b""#).as_deref(), Some("\"a"));
}

#[test]
fn bytes_that_are_no_text_come_as_they_are() {
    assert_eq!(value(&[b"\xff\xfe; sessionid=\xff\x80\xe9"]), Some(b"\xff\x80\xe9".to_vec()));
}

/// Promise 10
#[test]
fn headers_beyond_the_limit_are_not_read() {
    let padding = format!("pad={}; ", "x".repeat((64 << 10) - 24));
    let fits = format!("{padding}sessionid=12345");
    assert!(fits.len() <= 64 << 10);
    assert_eq!(text(&fits).as_deref(), Some("12345"));
    let beyond = format!("{padding}sessionid=123456789");
    assert!(beyond.len() > 64 << 10);
    assert_eq!(text(&beyond), None);
    // The bound is on all headers together.
    assert_eq!(value(&[padding.as_bytes(), b"sessionid=12345"]), Some(b"12345".to_vec()));
    assert_eq!(value(&[padding.as_bytes(), b"sessionid=123456789"]), None);
}

/// Promise 10
#[test]
fn a_megabyte_and_a_hundred_thousand_pairs_are_refused_and_can_be_read_if_allowed() {
    let huge = format!("sessionid={}", "k".repeat(1 << 20));
    let many = "sessionid=abcdefgh; ".repeat(100_000);
    assert_eq!((text(&huge), text(&many)), (None, None));

    let mut settings = Settings::default();
    settings.limits.cookie_header = 4 << 20;
    let presented = |header: &str| read([header.as_bytes()], &settings);
    assert_eq!(presented(&many).value().unwrap().expose(), b"abcdefgh");
    assert_eq!(presented(&"a=b;".repeat(100_000)), Presented::Absent);
    // A value that is too long is no key: nothing of it is kept.
    assert_eq!(presented(&huge).value().unwrap().expose(), b"");
}

/// Promise 10
#[test]
fn a_value_beyond_its_limit_is_presented_as_no_key() {
    let at_limit = "k".repeat(4096);
    assert_eq!(text(&format!("sessionid={at_limit}")).as_deref(), Some(at_limit.as_str()));
    assert_eq!(text(&format!("sessionid=\"{at_limit}\"")).as_deref(), Some(at_limit.as_str()));
    assert_eq!(text(&format!("sessionid={at_limit}k")).as_deref(), Some(""));
    assert_eq!(text(&format!("sessionid=\"{at_limit}k\"")).as_deref(), Some(""));
    // What counts is the value itself, not how it was quoted.
    let escaped = r"\153".repeat(4096);
    assert_eq!(text(&format!("sessionid=\"{escaped}\"")).as_deref(), Some(at_limit.as_str()));
    assert_eq!(text(&format!("sessionid=\"{escaped}k\"")).as_deref(), Some(""));
}

#[test]
fn only_cookie_headers_are_looked_at() {
    let mut headers = HeaderMap::new();
    headers.append("x-cookie", HeaderValue::from_static("sessionid=wrong"));
    let settings = Settings::default();
    assert_eq!(read_headers(&headers, &settings), Presented::Absent);
    headers.append(COOKIE, HeaderValue::from_static("a=b"));
    headers.append(COOKIE, HeaderValue::from_static("sessionid=right"));
    assert_eq!(read_headers(&headers, &settings).value().unwrap().expose(), b"right");
}
