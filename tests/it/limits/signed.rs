//! The limits where the browser keeps the session.

use lodger_backends::memory::MemoryStore;
use lodger_core::{Clock, CommitError, SessionKey, Span};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::site::{Visit, dict};

use super::site::{ABSOLUTE, IDLE, limits};

async fn reading(site: &CookieSite, key: &SessionKey) -> Visit {
    let visit = site.visit(Some(key)).await;
    assert!(visit.contains("a"));
    visit
}

/// Promise 8
#[tokio::test]
async fn a_signature_that_is_too_old_is_the_idle_limit_and_reading_signs_anew() {
    let site = CookieSite::with_settings(limits(IDLE, None));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(59));
    assert!(!reading(&site, &key).await.request.facts().due);
    site.clock.advance(Span::from_secs(1));
    let due = reading(&site, &key).await;
    assert!(due.request.facts().due);
    let cookie = due.request.touch().await.unwrap().unwrap();
    let renewed = cookie.value.session_key(4096).unwrap();
    assert_ne!(renewed, key);
    site.clock.advance(Span::from_secs(IDLE - 60));
    assert_eq!(site.data(&key).await, None, "the old text is too old");
    assert_eq!(site.data(&renewed).await.unwrap(), r#"{"a":1}"#);
    let late = reading(&site, &renewed).await;
    late.insert("b", &2).unwrap();
    site.clock.advance(Span::from_secs(60));
    assert_eq!(site.data(&renewed).await, None);
    assert!(matches!(late.end().await, Err(CommitError::Gone(_))));
}

/// Promise 8
#[tokio::test]
async fn the_beginning_is_signed_with_the_data() {
    let site = CookieSite::with_settings(limits(None, ABSOLUTE));
    let begun = site.clock.now();
    let mut key = site.stored(r#"{"a":1}"#).await;
    for step in 1..12 {
        site.clock.advance(Span::from_secs(300));
        let visit = reading(&site, &key).await;
        visit.increment("n", 1).unwrap();
        if step % 3 == 0 {
            visit.cycle_key().unwrap();
        }
        let cookie = visit.end().await.unwrap().unwrap();
        key = cookie.value.session_key(4096).unwrap();
        let data = dict(&site.data(&key).await.unwrap());
        let expected = format!(r#"{{"began":{},"absolute":3600}}"#, begun.as_secs());
        assert_eq!(data.get_json("_lodger").unwrap().as_str(), expected);
    }
    site.clock.advance(Span::from_secs(300));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 3
#[tokio::test]
async fn an_identity_and_a_beginning_live_in_one_object() {
    let site = CookieSite::built(|builder| {
        builder.with_settings(limits(IDLE, ABSOLUTE)).with_revocations(MemoryStore::default())
    });
    let key = site.stored(r#"{"a":1}"#).await;
    let reserved = |data: String| {
        let data = dict(&data);
        let held = dict(data.get_json("_lodger").unwrap().as_str());
        (held.get::<i64>("began").unwrap().unwrap(), held.get::<String>("id").unwrap().unwrap())
    };
    let (began, id) = reserved(site.data(&key).await.unwrap());
    site.clock.advance(Span::from_secs(300));
    let cycling = reading(&site, &key).await;
    cycling.cycle_key().unwrap();
    let new = cycling.end_with_key().await.unwrap();
    let (still, other) = reserved(site.data(&new).await.unwrap());
    assert_eq!((still, began), (began, 1_700_000_000));
    assert_ne!(other, id);
    assert_eq!(site.data(&key).await, None, "the old identity is on the list");
    // A touch that loses against a logout is silent.
    site.clock.advance(Span::from_secs(300));
    let late = reading(&site, &new).await;
    assert!(late.request.facts().due);
    site.engine().delete(new.clone()).await.unwrap();
    assert_eq!(late.request.touch().await.unwrap(), None);
}
