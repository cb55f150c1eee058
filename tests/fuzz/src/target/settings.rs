//! Any settings, and the cookie that is written by them.

use lodger_backends::memory::MemoryStore;
use lodger_codec::PickleCodec;
use lodger_core::{
    CookieExpiry, CookieValue, Presented, SameSite, SessionCookie, Settings, Span, Timestamp,
};
use lodger_http::cookie;
use lodger_manager::SessionManager;

use crate::canary::{KEY, assert_unseen};
use crate::input::Input;

/// Choices: everything that can be set, and the value of a cookie.
///
/// Checking is total. Checked settings build a manager, and their cookie, whatever its value, is one
/// line of a header that is read back as it was written; unchecked ones break no header either.
pub(super) fn check(bytes: &[u8]) {
    let mut input = Input::new(bytes);
    let settings = settings(&mut input);
    let expiry = match input.byte() % 2 {
        0 => CookieExpiry::AtBrowserClose,
        _ => CookieExpiry::MaxAge(Span::from_micros(input.number())),
    };
    let now = Timestamp::from_micros(input.number());
    let value = CookieValue::new(input.rest());
    let cookie = SessionCookie { value: value.clone(), expiry };
    let written = [cookie::set(&settings, &cookie, now), cookie::remove(&settings)];
    for header in written.iter().flatten() {
        assert!(!header.as_bytes().iter().any(|byte| b"\r\n\0".contains(byte)), "it is one line");
        assert!(header.is_sensitive());
    }

    let codec = PickleCodec::new(settings.limits.clone());
    let builder = SessionManager::builder(MemoryStore::default(), codec);
    let built = builder.with_settings(settings.clone()).build();
    match settings.check() {
        Ok(()) => assert!(built.is_ok()),
        Err(error) => {
            assert_eq!(built.err(), Some(error.clone()));
            assert_unseen(&error);
            return;
        }
    }
    for header in written.iter().flatten() {
        assert!(header.to_str().is_ok_and(|line| !line.contains('\t')), "it is printable ASCII");
    }
    let [set, removed] = written;
    assert!(removed.is_ok(), "checked settings can remove their cookie");
    let text = std::str::from_utf8(value.expose());
    let fits = value.expose().len() <= settings.limits.cookie_value;
    assert_eq!(set.is_ok(), fits && text.is_ok_and(|text| text.chars().all(|c| c <= '\u{ff}')));
    match set {
        Ok(header) => {
            // What a browser takes from it: all up to the first semicolon.
            let pair = header.as_bytes().split(|byte| *byte == b';').next().unwrap_or_default();
            if pair.len() <= settings.limits.cookie_header {
                assert_eq!(cookie::read([pair], &settings), Presented::Value(value));
            }
        }
        Err(error) => assert_unseen(&error),
    }
}

fn settings(input: &mut Input<'_>) -> Settings {
    let mut settings = Settings::default();
    let flags = input.byte();
    settings.cookie_secure = flags & 1 == 0;
    settings.cookie_httponly = flags & 2 == 0;
    settings.save_every_request = flags & 4 != 0;
    settings.expire_at_browser_close = flags & 8 != 0;
    settings.cookie_samesite =
        input.choose(&[SameSite::Lax, SameSite::Strict, SameSite::None, SameSite::Omitted]);
    let limit = |input: &mut Input<'_>| input.choose(&[4096, 0, 1, 31, 32, 42, 100, usize::MAX]);
    settings.limits.cookie_header = limit(input);
    settings.limits.cookie_value = limit(input);
    settings.limits.key = limit(input);
    settings.limits.session_data = limit(input);
    settings.limits.inflated = limit(input);
    settings.limits.json_depth = limit(input);
    settings.cookie_age = Span::from_micros(input.number());
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if flags & 16 != 0 {
        settings.cookie_name = text(input.part());
    }
    if flags & 32 != 0 {
        settings.cookie_path = text(input.part());
    }
    if flags & 64 != 0 {
        settings.cookie_domain = Some(text(input.part()));
    }
    if flags & 128 != 0 {
        settings.cookie_name = format!("{KEY}{}", settings.cookie_name);
    }
    settings
}
