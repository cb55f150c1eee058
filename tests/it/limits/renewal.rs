//! A touch that comes too late, and one that finds somebody's own expiry.

use lodger_core::{Expiry, OnUndecodable, SessionKey, SessionStore, Span};
use lodger_tests::database::{Backend, on};
use lodger_tests::site::{Site, Visit};

use super::site::{IDLE, limits, with_secret};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

on_every_store!(
    a_touch_that_loses_against_a_save_writes_nothing,
    a_touch_that_loses_against_a_logout_brings_nothing_back,
    a_touch_does_not_undo_an_expiry_that_was_set_meanwhile,
    a_session_ends_by_its_own_expiry_however_it_is_read,
);

/// A request that has looked at a session which is due.
async fn reading<S: SessionStore>(site: &Site<S>, key: &SessionKey) -> Visit {
    let visit = site.visit(Some(key)).await;
    assert!(visit.contains("a"));
    assert!(visit.request.facts().due);
    visit
}

/// Promise 4
async fn a_touch_that_loses_against_a_save_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(300));
    let late = reading(&site, &key).await;
    let writer = site.visit(Some(&key)).await;
    writer.insert("b", &2).unwrap();
    writer.end().await.unwrap();
    site.spy.reset();
    assert_eq!(late.request.touch().await.unwrap(), None);
    // It may be in line behind the save, and then learns from it that nothing is due.
    let calls = site.spy.calls();
    assert!(
        calls.touch <= 1 && calls.writes() == calls.touch,
        "tried once and given up: {calls:?}"
    );
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1,"b":2}"#);
}

/// Promise 4
async fn a_touch_that_loses_against_a_logout_brings_nothing_back<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(300));
    let late = reading(&site, &key).await;
    assert!(site.manager.revoke(&key).await.unwrap());
    assert_eq!(late.request.touch().await.unwrap(), None);
    assert_eq!(site.data(&key).await, None);

    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(300));
    let late = reading(&site, &key).await;
    site.clock.advance(Span::from_secs(300));
    assert_eq!(late.request.touch().await.unwrap(), None, "it has ended by itself");
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_touch_does_not_undo_an_expiry_that_was_set_meanwhile<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(300));
    let late = reading(&site, &key).await;
    let other = site.visit(Some(&key)).await;
    other.set_expiry(Expiry::Sliding(Span::from_secs(120))).unwrap();
    other.end().await.unwrap();
    assert_eq!(late.request.touch().await.unwrap(), None);
    site.clock.advance(Span::from_secs(119));
    assert!(site.data(&key).await.is_some());
    site.clock.advance(Span::from_secs(1));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_session_ends_by_its_own_expiry_however_it_is_read<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let span = Span::from_secs(200);
    for expiry in [Expiry::Sliding(span), Expiry::In(span)] {
        let visit = site.visit(None).await;
        visit.insert("a", &1).unwrap();
        visit.set_expiry(expiry).unwrap();
        let key = visit.end_with_key().await.unwrap();
        for _ in 0..3 {
            site.clock.advance(Span::from_secs(66));
            site.spy.reset();
            let answer = ask(&app, "/read", Some(&key)).await;
            assert!(answer.body.contains('a'), "{expiry:?}");
            assert_eq!(answer.set_cookie(), None, "{expiry:?}");
            assert_eq!(site.spy.calls().total(), 1, "{expiry:?}");
        }
        site.clock.advance(Span::from_secs(2));
        assert_eq!(site.data(&key).await, None, "{expiry:?}");
    }
}

/// Under Django's policy a write overwrites what cannot be decoded; a mere read writes nothing.
#[tokio::test]
async fn reading_what_cannot_be_decoded_renews_nothing() {
    on(Backend::Sqlite, what_cannot_be_decoded_is_left_alone).await;
}

async fn what_cannot_be_decoded_is_left_alone<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let mut settings = limits(IDLE, 3600);
    settings.on_undecodable = OnUndecodable::Overwrite;
    let stranger = with_secret(&site, settings, "another secret");
    let answer = ask(&app(&stranger, pages()), "/read", Some(&key)).await;
    assert_eq!((answer.status, answer.set_cookie()), (200, None));
    assert_eq!(site.spy.calls().total(), 1);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
}
