//! What Django tests otherwise of its signed cookies.
//!
//! Two tests of the mixin are skipped there, and have nothing to run on here either:
//! `test_session_load_does_not_create_record`, since there are no records, and
//! `test_session_save_does_not_resurrect_session_logged_out_in_other_context`, since there is no logout
//! that another request could learn of. With a revocation list there is, and it is tested with that.

use lodger_core::{Clock, Expiry, SessionKey, Settings, Span};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;

/// `{"a test key": "a test value"}`, pickled by Django 4.2 and signed for it.
const PICKLED: &str = ".eJxrYJ2qwAABtVN6uBIVSlKLSxSyUyun9PBAOWWJOaWpU4r1APxTDWs:1r31eq:\
                       HbaSHkAOPjAcAzA_hdlFiKWkdbVItGndPbFbUxrm5_k";

fn site() -> CookieSite {
    CookieSite::with_settings(Settings::django())
}

/// Django: CookieSessionTests.test_save
#[tokio::test]
async fn what_was_saved_is_in_the_key() {
    let site = site();
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    visit.save().await.unwrap();
    let key = visit.session_key().unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
}

/// Django: CookieSessionTests.test_cycle
#[tokio::test]
async fn cycling_saves_and_keeps_the_data() {
    let site = site();
    let old = site.stored(r#"{"a":"c","b":"d"}"#).await;
    site.clock.advance(Span::from_secs(1));
    let visit = site.visit(Some(&old)).await;
    visit.cycle_key().unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_ne!(new, old, "it was signed in another second");
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":"c","b":"d"}"#);
}

/// The mixin asks that a session with an end in the past is not loaded; there it is expected to fail,
/// since the session's own expiry is not looked at (ticket 19201), and so it does here.
///
/// Django: CookieSessionTests.test_actual_expiry
#[tokio::test]
async fn a_session_saved_with_an_end_in_the_past_is_loaded_all_the_same() {
    let site = site();
    let visit = site.visit(None).await;
    visit.insert("foo", "bar").unwrap();
    visit.set_expiry(Expiry::At(site.clock.now() - Span::from_secs(10))).unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert!(site.visit(Some(&key)).await.contains("foo"));
}

/// Django: SessionTestsMixin.test_get_expire_at_browser_close
#[tokio::test]
async fn the_browsers_close_is_the_settings_or_the_sessions() {
    for setting in [false, true] {
        let mut settings = Settings::django();
        settings.expire_at_browser_close = setting;
        let visit = CookieSite::with_settings(settings).visit(None).await;
        for (expiry, ends) in [
            (Expiry::Sliding(Span::from_secs(10)), false),
            (Expiry::AtBrowserClose, true),
            (Expiry::Default, setting),
        ] {
            visit.set_expiry(expiry).unwrap();
            assert_eq!(visit.expire_at_browser_close(), ends, "{expiry:?}");
        }
    }
}

/// Django: CookieSessionTests.test_unpickling_exception
#[tokio::test]
async fn a_good_signature_over_what_the_serializer_refuses_is_an_empty_session() {
    // `[1]`, and a dictionary that Django 4.2 pickled.
    for text in ["WzFd:1r31eq:OIOWzfxvFpI9z9LkWt2bINUEC4OJRSeQ61izea2BjEY", PICKLED] {
        let key = SessionKey::parse(text, 4096).unwrap();
        assert!(site().visit(Some(&key)).await.fields().is_empty());
    }
}
