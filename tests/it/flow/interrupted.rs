//! A session that ends elsewhere while a request uses it.

use axum::Router;
use axum::routing::get;
use lodger::axum::Session;
use lodger_backends::memory::MemoryStore;
use lodger_core::{OnInterrupted, SessionKey, SessionStore, Settings, Span};
use lodger_tests::site::Site;

use super::blind_store::BlindStore;
use super::page::pages;
use super::rows::Rows;
use super::visitor::{Answer, app, ask};

on_the_rows_of_every_store!(
    a_save_after_a_logout_elsewhere_answers_400_and_writes_nothing,
    a_change_of_key_after_a_logout_elsewhere_answers_400_and_writes_nothing,
    a_renewal_that_comes_after_a_logout_elsewhere_is_silent_and_writes_nothing,
    a_save_of_a_session_whose_key_changed_elsewhere_answers_400,
    a_save_of_a_session_that_expired_meanwhile_answers_400,
    with_keep_response_the_handlers_answer_goes_out,
);

/// `/` does something to its session, and before it is stored another request of the same visitor
/// does something else.
fn meanwhile<S: SessionStore>(
    site: &Site<S>,
    key: &SessionKey,
    deed: fn(&Session),
    elsewhere: &'static str,
) -> Router {
    let (others, key) = (app(site, pages()), key.clone());
    let page = move |session: Session| {
        let (others, key) = (others.clone(), key.clone());
        async move {
            assert!(session.contains("a"), "it was loaded before");
            deed(&session);
            assert_eq!(ask(&others, elsewhere, Some(&key)).await.status, 200);
            "the handler's answer"
        }
    };
    app(site, Router::new().route("/", get(page)))
}

/// A refusal of our own: without a cookie, and not for shared caches.
fn assert_refused(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (400, ""));
    assert_eq!(answer.set_cookie(), None);
    assert!(answer.varies());
}

/// Django: SessionMiddlewareTests.test_session_update_error_redirect
/// Promise 4
async fn a_save_after_a_logout_elsewhere_answers_400_and_writes_nothing<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let deed = |session: &Session| session.insert("x", &1).unwrap();
    let answer = ask(&meanwhile(&site, &key, deed, "/logout"), "/", Some(&key)).await;
    assert_refused(&answer);
    assert_eq!(site.data(&key).await, None);
    assert_eq!(site.faults.store().drain().await, 0);
}

/// Promise 4
async fn a_change_of_key_after_a_logout_elsewhere_answers_400_and_writes_nothing<S: Rows>(
    store: S,
) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let deed = |session: &Session| session.cycle_key().unwrap();
    let answer = ask(&meanwhile(&site, &key, deed, "/logout"), "/", Some(&key)).await;
    assert_refused(&answer);
    assert_eq!(site.faults.store().drain().await, 0);
}

/// Promise 4
async fn a_renewal_that_comes_after_a_logout_elsewhere_is_silent_and_writes_nothing<S: Rows>(
    store: S,
) {
    let mut settings = Settings::default();
    settings.save_every_request = true;
    let site = Site::with_settings(store, settings);
    let key = site.stored(r#"{"a":1}"#).await;
    let answer = ask(&meanwhile(&site, &key, |_| {}, "/logout"), "/", Some(&key)).await;
    // The visitor asked for nothing to be stored.
    assert_eq!((answer.status, answer.body.as_str()), (200, "the handler's answer"));
    assert_eq!(answer.set_cookie(), None);
    assert!(answer.varies());
    assert_eq!(site.faults.store().drain().await, 0);
}

/// Promise 6
async fn a_save_of_a_session_whose_key_changed_elsewhere_answers_400<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let deed = |session: &Session| session.insert("x", &1).unwrap();
    let answer = ask(&meanwhile(&site, &key, deed, "/cycle"), "/", Some(&key)).await;
    assert_refused(&answer);
    assert_eq!(site.data(&key).await, None);
    assert_eq!(site.faults.store().drain().await, 1, "the one under the new key");
}

/// Promise 4
async fn a_save_of_a_session_that_expired_meanwhile_answers_400<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let before = site.faults.store().raw(key.expose()).await.unwrap();
    let clock = site.clock.clone();
    let page = move |session: Session| {
        clock.advance(Span::from_secs(1_209_600));
        async move { session.insert("x", &1).unwrap() }
    };
    let app = app(&site, Router::new().route("/", get(page)));
    assert_refused(&ask(&app, "/", Some(&key)).await);
    assert_eq!(site.faults.store().raw(key.expose()).await, Some(before));
}

/// Promise 4
async fn with_keep_response_the_handlers_answer_goes_out<S: Rows>(store: S) {
    let mut settings = Settings::default();
    settings.on_interrupted = OnInterrupted::KeepResponse;
    let site = Site::with_settings(store, settings);
    let key = site.stored(r#"{"a":1}"#).await;
    let deed = |session: &Session| session.insert("x", &1).unwrap();
    let answer = ask(&meanwhile(&site, &key, deed, "/logout"), "/", Some(&key)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "the handler's answer"));
    assert_eq!(answer.set_cookie(), None);
    assert!(answer.varies());
    assert_eq!(site.faults.store().drain().await, 0);
}

/// What the tests above would see of a store that brings back what was deleted.
#[tokio::test]
async fn a_store_that_upserts_is_seen_to_undo_a_logout() {
    let site = Site::new(BlindStore(MemoryStore::default()));
    let key = site.stored(r#"{"a":1}"#).await;
    let deed = |session: &Session| session.insert("x", &1).unwrap();
    let answer = ask(&meanwhile(&site, &key, deed, "/logout"), "/", Some(&key)).await;
    assert_eq!((answer.status, answer.key()), (200, Some(key.clone())));
    assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1,"x":1}"#));
}
