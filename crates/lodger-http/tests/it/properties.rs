//! What holds for any cookie.

use std::collections::HashMap;

use lodger_core::{CookieExpiry, CookieValue, Presented, SessionCookie, Settings, Timestamp};
use lodger_http::{cache_control, cookie, vary};
use proptest::collection::vec;
use proptest::prelude::*;

/// The reader as a straightforward program: a map of all cookies, without any limit.
fn naive(headers: &[Vec<u8>]) -> HashMap<Vec<u8>, Vec<u8>> {
    let joined = headers.join(b"; ".as_slice());
    let parts = joined.split(|&byte| byte == b';').filter_map(|part| {
        let (name, value) = part.split_at(part.iter().position(|&byte| byte == b'=')?);
        Some((name.trim_ascii().to_vec(), naive_unquote(value[1..].trim_ascii())))
    });
    parts.collect()
}

fn naive_unquote(value: &[u8]) -> Vec<u8> {
    if value.len() < 2 || !value.starts_with(b"\"") || !value.ends_with(b"\"") {
        return value.to_vec();
    }
    let inner = &value[1..value.len() - 1];
    let mut unquoted = Vec::new();
    let mut at = 0;
    while at < inner.len() {
        let octal = inner.get(at + 1..at + 4).filter(|digits| {
            digits.iter().all(|digit| (b'0'..=b'7').contains(digit)) && digits[0] <= b'3'
        });
        if inner[at] != b'\\' || at + 1 == inner.len() {
            unquoted.push(inner[at]);
            at += 1;
        } else if let Some(digits) = octal {
            let digits = std::str::from_utf8(digits).unwrap();
            let number = u32::from_str_radix(digits, 8).unwrap();
            unquoted.extend(char::from_u32(number).unwrap().to_string().bytes());
            at += 4;
        } else {
            unquoted.push(inner[at + 1]);
            at += 2;
        }
    }
    unquoted
}

/// Mostly what has a meaning in a cookie header.
fn header() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just(b"k".to_vec()),
        Just(b"=".to_vec()),
        Just(b";".to_vec()),
        Just(b"k=".to_vec()),
        Just(b"; k=\"".to_vec()),
        Just(b"\"".to_vec()),
        Just(b"\\".to_vec()),
        Just(b"\\351".to_vec()),
        Just(b" ".to_vec()),
        vec(b'0'..=b'8', 1..4),
        vec(any::<u8>(), 0..4),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn settings() -> Settings {
    let mut settings = Settings::django();
    settings.cookie_name = "k".into();
    settings
}

fn read(headers: &[Vec<u8>], settings: &Settings) -> Presented {
    cookie::read(headers.iter().map(Vec::as_slice), settings)
}

proptest! {
    #[test]
    fn the_reader_agrees_with_a_naive_one(headers in vec(header(), 0..4)) {
        let presented = read(&headers, &settings());
        let expected = naive(&headers).remove(b"k".as_slice());
        prop_assert_eq!(presented.value().map(|value| value.expose().to_vec()), expected);
    }

    /// Promise 10
    #[test]
    fn limits_only_ever_take_away(
        headers in vec(header(), 0..4),
        header_limit in 1_usize..200,
        value_limit in 1_usize..20,
    ) {
        let mut limited = settings();
        limited.limits.cookie_header = header_limit;
        limited.limits.cookie_value = value_limit;
        let free = read(&headers, &settings());
        let total: usize = headers.iter().map(Vec::len).sum();
        let expected = match free {
            _ if total > header_limit => Presented::Absent,
            Presented::Value(value) if value.expose().len() > value_limit => {
                Presented::Value(CookieValue::new([]))
            }
            free => free,
        };
        prop_assert_eq!(read(&headers, &limited), expected);
    }

    #[test]
    fn what_is_written_is_read_back_or_refused(value in prop_oneof![
        vec(any::<u8>(), 0..60),
        "[\\x00-\u{ff}]{0,60}".prop_map(String::into_bytes),
        "[a-z0-9:_-]{0,60}".prop_map(String::into_bytes),
        "\\PC{0,20}".prop_map(String::into_bytes),
    ]) {
        let cookie = SessionCookie {
            value: CookieValue::new(value.as_slice()),
            expiry: CookieExpiry::AtBrowserClose,
        };
        let header = cookie::set(&settings(), &cookie, Timestamp::from_secs(0));
        let text = std::str::from_utf8(&value);
        let writable = text.is_ok_and(|text| text.chars().all(|c| c <= '\u{ff}'));
        prop_assert_eq!(header.is_ok(), writable);
        if let Ok(header) = header {
            // What a browser takes from it: all up to the first semicolon.
            let pair = header.as_bytes().split(|&byte| byte == b';').next().unwrap();
            prop_assert_eq!(read(&[pair.to_vec()], &settings()), Presented::Value(cookie.value));
        }
    }

    /// Promise 13
    #[test]
    fn no_header_keeps_a_response_from_varying_or_leaves_it_shared(
        headers in vec("[a-z*,\" =\\\\]{0,30}|public|s-maxage=1|private", 0..4),
    ) {
        let present = || headers.iter().map(String::as_bytes);
        let varies = vary::with_cookie(present());
        let text = varies.to_str().unwrap().to_ascii_lowercase();
        prop_assert!(text == "*" || text.split(", ").any(|name| name == "cookie"));
        if let Some(value) = cache_control::without_sharing(present()) {
            prop_assert!(value.as_bytes().starts_with(b"private"));
            prop_assert_eq!(cache_control::without_sharing([value.as_bytes()]), None);
        }
    }
}
