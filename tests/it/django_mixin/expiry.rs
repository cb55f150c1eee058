//! When a session ends.

use lodger_core::{Clock, Expiry, SessionStore, Settings, Span};
use lodger_tests::any_site::{AnySite, Premises};
use lodger_tests::site::{Site, Visit};

on_every_store_and_model!(
    the_default_is_the_cookies_age,
    seconds_slide_with_each_save,
    a_span_ends_at_an_instant,
    an_instant_is_kept,
    a_reset_goes_back_to_the_default,
    the_browsers_close_is_the_settings_or_the_sessions,
    a_session_saved_with_an_end_in_the_past_is_not_loaded,
);

on_signed_cookies!(
    PunctualBrowser,
    the_default_is_the_cookies_age,
    seconds_slide_with_each_save,
    a_span_ends_at_an_instant,
    an_instant_is_kept,
    a_reset_goes_back_to_the_default,
    a_session_saved_with_an_end_in_the_past_is_not_loaded,
);

const COOKIE_AGE: Span = Span::from_secs(1_209_600);
const TEN: Span = Span::from_secs(10);

async fn fresh<P: Premises>(place: P) -> (P::Site, Visit) {
    let site = place.open(Settings::django());
    let visit = site.visit(None).await;
    (site, visit)
}

/// Django: SessionTestsMixin.test_default_expiry
/// Django: CustomDatabaseSessionTests.test_default_expiry
async fn the_default_is_the_cookies_age<P: Premises>(place: P) {
    let (_, visit) = fresh(place).await;
    assert_eq!(visit.expiry_age(), COOKIE_AGE);
    visit.set_expiry(Expiry::AtBrowserClose).unwrap();
    assert_eq!(visit.expiry_age(), COOKIE_AGE);
}

/// Django: SessionTestsMixin.test_custom_expiry_seconds
async fn seconds_slide_with_each_save<P: Premises>(place: P) {
    let (site, visit) = fresh(place).await;
    visit.set_expiry(Expiry::Sliding(TEN)).unwrap();
    assert_eq!(visit.expiry_date(), site.clock().now() + TEN);
    assert_eq!(visit.expiry_age(), TEN);
    let key = visit.end_with_key().await.unwrap();
    site.clock().advance(Span::from_secs(9));
    let visit = site.visit(Some(&key)).await;
    visit.mark_modified().unwrap();
    let key = visit.end_with_key().await.unwrap();
    site.clock().advance(Span::from_secs(9));
    assert!(site.data(&key).await.is_some());
    site.clock().advance(Span::from_secs(1));
    assert!(site.data(&key).await.is_none());
}

/// Django: SessionTestsMixin.test_custom_expiry_timedelta
async fn a_span_ends_at_an_instant<P: Premises>(place: P) {
    let (site, visit) = fresh(place).await;
    let end = site.clock().now() + TEN;
    visit.set_expiry(Expiry::In(TEN)).unwrap();
    assert_eq!((visit.expiry_date(), visit.expiry_age()), (end, TEN));
    let key = visit.end_with_key().await.unwrap();
    site.clock().advance(Span::from_secs(9));
    let visit = site.visit(Some(&key)).await;
    visit.mark_modified().unwrap();
    let key = visit.end_with_key().await.unwrap();
    site.clock().advance(Span::from_secs(1));
    assert!(site.data(&key).await.is_none(), "a span does not slide");
}

/// Django: SessionTestsMixin.test_custom_expiry_datetime
async fn an_instant_is_kept<P: Premises>(place: P) {
    let (site, visit) = fresh(place).await;
    let end = site.clock().now() + TEN;
    visit.set_expiry(Expiry::At(end)).unwrap();
    assert_eq!((visit.expiry_date(), visit.expiry_age()), (end, TEN));
    let key = visit.end_with_key().await.unwrap();
    let again = site.visit(Some(&key)).await;
    assert_eq!((again.expiry_date(), again.expiry_age()), (end, TEN));
}

/// Django: SessionTestsMixin.test_custom_expiry_reset
/// Django: CustomDatabaseSessionTests.test_custom_expiry_reset
async fn a_reset_goes_back_to_the_default<P: Premises>(place: P) {
    let (_, visit) = fresh(place).await;
    visit.set_expiry(Expiry::Default).unwrap();
    assert!(visit.accessed() && !visit.modified(), "there was nothing to reset");
    visit.set_expiry(Expiry::Sliding(TEN)).unwrap();
    visit.set_expiry(Expiry::Default).unwrap();
    assert_eq!(visit.expiry_age(), COOKIE_AGE);
}

/// Django: SessionTestsMixin.test_get_expire_at_browser_close
async fn the_browsers_close_is_the_settings_or_the_sessions<S: SessionStore>(store: S) {
    let mut settings = Settings::django();
    let ends_with_the_browser = |visit: &Visit, setting: bool| {
        for (expiry, ends) in [
            (Expiry::Sliding(TEN), false),
            (Expiry::AtBrowserClose, true),
            (Expiry::Default, setting),
        ] {
            visit.set_expiry(expiry).unwrap();
            assert_eq!(visit.expire_at_browser_close(), ends, "{expiry:?}");
        }
    };
    settings.expire_at_browser_close = true;
    let site = Site::with_settings(store, settings);
    ends_with_the_browser(&site.visit(None).await, true);
    let other = Site::with_settings(site.spy.clone(), Settings::django());
    ends_with_the_browser(&other.visit(None).await, false);
}

/// Django: SessionTestsMixin.test_actual_expiry
async fn a_session_saved_with_an_end_in_the_past_is_not_loaded<P: Premises>(place: P) {
    let (site, visit) = fresh(place).await;
    visit.insert("foo", "bar").unwrap();
    visit.set_expiry(Expiry::In(Span::from_secs(-10))).unwrap();
    visit.save().await.unwrap();
    let old = visit.session_key().unwrap();
    let visit = site.visit(Some(&old)).await;
    assert!(!visit.contains("foo"));
    visit.insert("a", &1).unwrap();
    let new = visit.end_with_key().await.unwrap();
    assert_ne!(new, old);
}
