//! A store that fails.

use axum::Router;
use axum::routing::get;
use lodger::axum::Session;
use lodger_backends::db::DbStore;
use lodger_core::SessionStore;
use lodger_entity::session;
use lodger_testing::{Fault, Method};
use lodger_tests::site::Site;

use super::page::pages;
use super::visitor::{Answer, app, ask};

on_every_store!(
    a_store_that_is_down_answers_503_and_is_no_empty_session,
    a_commit_that_fails_answers_503_and_leaves_the_cookie,
    a_commit_of_unknown_outcome_answers_500_without_a_cookie,
    a_logout_that_fails_is_not_acknowledged,
);

/// Neither the handler's answer nor a word about the cookie.
fn assert_refused(answer: &Answer, status: u16) {
    assert_eq!((answer.status, answer.body.as_str()), (status, ""));
    assert_eq!(answer.set_cookie(), None);
    assert!(answer.varies());
}

/// Promise 9
async fn a_store_that_is_down_answers_503_and_is_no_empty_session<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let unreachable = get(async |_: Session| -> String { panic!("it has no session") });
    let app = app(&site, pages().route("/", unreachable));
    site.faults.always(Method::Load, Fault::Unavailable);
    for path in ["/", "/read", "/set", "/logout", "/loaded"] {
        assert_refused(&ask(&app, path, Some(&key)).await, 503);
    }
    assert_eq!(site.spy.calls().writes(), 0);
    // Who does not ask for the session does not notice.
    assert_eq!(ask(&app, "/untouched", Some(&key)).await.status, 200);
    site.faults.heal();
    assert_eq!(ask(&app, "/read", Some(&key)).await.body, "a");
}

/// Promise 9
async fn a_commit_that_fails_answers_503_and_leaves_the_cookie<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for (path, method, known) in [
        ("/set", Method::Swap, true),
        ("/cycle", Method::Cycle, true),
        ("/login", Method::Cycle, true),
        ("/set", Method::Create, false),
    ] {
        site.faults.always(method, Fault::Unavailable);
        assert_refused(&ask(&app, path, known.then_some(&key)).await, 503);
        site.faults.heal();
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#), "{path}");
    }
    let again = ask(&app, "/set", Some(&key)).await;
    assert_eq!((again.status, again.body.as_str()), (200, "a,x"));
}

/// Promise 9
async fn a_commit_of_unknown_outcome_answers_500_without_a_cookie<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for fault in [Fault::RequestLost, Fault::ReplyLost] {
        site.faults.script(Method::Swap, [fault]);
        assert_refused(&ask(&app, "/set", Some(&key)).await, 500);
    }
    assert_eq!(site.spy.calls().swap, 2, "it was never sent again");
}

/// Promise 3
async fn a_logout_that_fails_is_not_acknowledged<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for (path, fault, status) in [
        ("/logout", Fault::Unavailable, 503),
        ("/logout_now", Fault::Unavailable, 503),
        ("/logout_and_set", Fault::Unavailable, 503),
        ("/logout", Fault::RequestLost, 500),
    ] {
        site.faults.script(Method::Delete, [fault]);
        assert_refused(&ask(&app, path, Some(&key)).await, status);
        site.faults.heal();
        assert_eq!(ask(&app, "/read", Some(&key)).await.body, "a", "{path}");
    }
    assert!(ask(&app, "/logout", Some(&key)).await.removes_the_cookie());
}

/// The same with databases that are really away.
mod real {
    use super::*;

    on_every_database!(a_database_that_is_away_answers_503);

    /// Promise 9
    async fn a_database_that_is_away_answers_503(store: DbStore<session::Entity>) {
        let connection = store.connection().clone();
        let site = Site::new(store);
        let key = site.stored(r#"{"a":1}"#).await;
        let page = move |session: Session| {
            let connection = connection.clone();
            async move {
                session.insert("x", &1).unwrap();
                connection.close().await.unwrap();
            }
        };
        let held = app(&site, Router::new().route("/", get(page)));
        assert_refused(&ask(&held, "/", Some(&key)).await, 503);
        let app = app(&site, pages());
        for (path, known) in [("/read", true), ("/set", true), ("/logout", true), ("/set", false)] {
            assert_refused(&ask(&app, path, known.then_some(&key)).await, 503);
        }
    }
}
