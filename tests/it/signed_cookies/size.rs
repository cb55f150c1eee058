//! How large a cookie may be.

use lodger_backends::signed_cookies::LARGEST_COOKIE;
use lodger_core::Clock;
use lodger_core::{CommitError, EncodeError, Expiry, SameSite, SessionCookie, Settings, Span};
use lodger_http::cookie;
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::report::count;

/// Text that zlib cannot make shorter.
fn noise(length: usize) -> String {
    let mut state = 1_u64;
    let mut next = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        char::from(b'!' + u8::try_from((state >> 33) % 90).unwrap())
    };
    (0..length).map(|_| next()).filter(|character| !r#""\"#.contains(*character)).collect()
}

async fn cookie_of(
    site: &CookieSite,
    text: &str,
    expiry: Expiry,
) -> Result<SessionCookie, CommitError> {
    let visit = site.visit(None).await;
    visit.insert("t", text).unwrap();
    visit.set_expiry(expiry).unwrap();
    Ok(visit.end().await?.expect("there is something to keep"))
}

fn all_settings() -> Vec<Settings> {
    let mut all = Vec::new();
    let sites = [SameSite::Strict, SameSite::Lax, SameSite::None, SameSite::Omitted];
    for (bits, samesite) in (0..8).flat_map(|bits| sites.map(|samesite| (bits, samesite))) {
        let mut settings = Settings::default();
        settings.cookie_samesite = samesite;
        settings.cookie_secure = bits & 1 != 0 || samesite == SameSite::None;
        settings.cookie_httponly = bits & 2 != 0;
        if bits & 4 != 0 {
            settings.cookie_domain = Some(".example.org".into());
            settings.cookie_path = "/shop/".into();
            settings.cookie_name = "another".into();
        }
        all.push(settings);
    }
    all
}

/// The engine counts what the HTTP side writes: with a path that fills the header up to 4,096 bytes the
/// cookie is made, and with one character more it is refused.
///
/// Promise 10
#[tokio::test]
async fn a_cookie_of_4096_bytes_as_sent_is_the_largest() {
    let expiries = [
        Expiry::Default,
        Expiry::AtBrowserClose,
        Expiry::Sliding(Span::from_secs(7)),
        Expiry::Sliding(Span::from_secs(-600)),
        Expiry::Sliding(Span::from_secs(86_400 * 365_000)),
    ];
    let text = noise(2800);
    let mut boundaries = 0;
    for mut settings in all_settings() {
        for expiry in expiries {
            let site = CookieSite::with_settings(settings.clone());
            let cookie = cookie_of(&site, &text, expiry).await.unwrap();
            let header = cookie::set(&settings, &cookie, site.clock.now()).unwrap();
            let (short_path, filling) =
                (settings.cookie_path.clone(), LARGEST_COOKIE - header.len());
            settings.cookie_path += &"a".repeat(filling);
            let largest = CookieSite::with_settings(settings.clone());
            let cookie = cookie_of(&largest, &text, expiry).await.unwrap();
            let header = cookie::set(&settings, &cookie, site.clock.now()).unwrap();
            assert_eq!(header.len(), LARGEST_COOKIE);

            settings.cookie_path.push('a');
            let larger = CookieSite::with_settings(settings.clone());
            let error = cookie_of(&larger, &text, expiry).await.unwrap_err();
            let too_large = EncodeError::TooLarge { size: 4097, limit: 4096 };
            assert!(matches!(error, CommitError::Encode(error) if error == too_large));
            settings.cookie_path = short_path;
            boundaries += 1;
        }
    }
    count("signed cookies at the boundary of 4,096 bytes", boundaries);
}

#[tokio::test]
async fn a_session_that_is_too_large_leaves_the_cookie_as_it_is() {
    let site = CookieSite::with_settings(Settings::default());
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("t", &noise(4096)).unwrap();
    assert!(matches!(visit.save().await, Err(CommitError::Encode(EncodeError::TooLarge { .. }))));
    assert!(matches!(visit.end().await, Err(CommitError::Encode(EncodeError::TooLarge { .. }))));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
}

#[tokio::test]
async fn what_would_not_be_read_back_is_not_written() {
    let mut settings = Settings::default();
    settings.limits.cookie_value = 200;
    let site = CookieSite::with_settings(settings);
    let error = cookie_of(&site, &noise(200), Expiry::Default).await.unwrap_err();
    assert!(matches!(error, CommitError::Encode(EncodeError::TooLarge { limit: 200, .. })));
    assert!(cookie_of(&site, &noise(50), Expiry::Default).await.is_ok());
}

#[tokio::test]
async fn what_zlib_makes_small_fits() {
    let site = CookieSite::with_settings(Settings::default());
    let cookie = cookie_of(&site, &"a".repeat(100_000), Expiry::Default).await.unwrap();
    assert!(cookie.value.expose().starts_with(b".") && cookie.value.expose().len() < 300);
}
