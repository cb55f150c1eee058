//! What is a key, and whose.

use lodger_core::{CookieValue, Presented, SessionKey, Settings};
use lodger_tests::any_site::{AnySite, Premises};

on_every_store_and_model!(
    a_key_that_the_store_does_not_know_is_not_kept,
    an_empty_key_is_none,
    seven_characters_are_no_key,
    eight_characters_are_a_key,
    nothing_but_a_commit_changes_the_key,
    an_overlong_key_loads_as_an_empty_session,
);

on_signed_cookies!(
    Browser,
    a_key_that_the_store_does_not_know_is_not_kept,
    an_empty_key_is_none,
    seven_characters_are_no_key,
    eight_characters_are_a_key,
    nothing_but_a_commit_changes_the_key,
    an_overlong_key_loads_as_an_empty_session,
);

fn django<P: Premises>(place: P) -> P::Site {
    place.open(Settings::django())
}

fn presented(text: &str) -> Presented {
    Presented::Value(CookieValue::new(text.as_bytes()))
}

/// Django: SessionTestsMixin.test_invalid_key
async fn a_key_that_the_store_does_not_know_is_not_kept<P: Premises>(place: P) {
    let site = django(place);
    for text in ["1", "12345678"] {
        let request = site.request(presented(text));
        let session = request.load().await.unwrap();
        session.insert("a", &1).unwrap();
        session.save().await.unwrap();
        let key = session.session_key().unwrap();
        assert_ne!(key.expose(), text);
        if let Ok(bogus) = SessionKey::parse(text, 128) {
            assert_eq!(site.data(&bogus).await, None);
        }
    }
}

/// Django: SessionTestsMixin.test_session_key_empty_string_invalid
async fn an_empty_key_is_none<P: Premises>(place: P) {
    assert_eq!(django(place).request(presented("")).session_key(), None);
}

/// Django: SessionTestsMixin.test_session_key_too_short_invalid
async fn seven_characters_are_no_key<P: Premises>(place: P) {
    assert_eq!(django(place).request(presented("1234567")).session_key(), None);
}

/// Django: SessionTestsMixin.test_session_key_valid_string_saved
async fn eight_characters_are_a_key<P: Premises>(place: P) {
    let request = django(place).request(presented("12345678"));
    assert_eq!(request.session_key().unwrap().expose(), "12345678");
}

/// Django: SessionTestsMixin.test_session_key_is_read_only
async fn nothing_but_a_commit_changes_the_key<P: Premises>(place: P) {
    let site = django(place);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("session_key", "another key").unwrap();
    visit.insert("_session_key", "another key").unwrap();
    visit.clear().unwrap();
    visit.cycle_key().unwrap();
    assert_eq!(visit.session_key(), Some(key));
}

/// Django: CacheSessionTests.test_load_overlong_key
/// Django: CacheDBSessionTests.test_load_overlong_key
async fn an_overlong_key_loads_as_an_empty_session<P: Premises>(place: P) {
    let site = django(place);
    let overlong = "1234567890".repeat(124);
    for text in [overlong.clone(), overlong[..128].to_owned(), overlong[..41].to_owned()] {
        let request = site.request(presented(&text));
        assert!(request.load().await.unwrap().fields().is_empty());
    }
}
