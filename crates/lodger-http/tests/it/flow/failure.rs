//! When the session cannot be stored.

use http::header::{CACHE_CONTROL, VARY};
use lodger_core::error::SessionInterrupted;
use lodger_core::{
    CommitError, EditError, EncodeError, LoadError, OnInterrupted, RngError, SessionConflict,
    StoreError,
};
use lodger_http::Finish;

use super::visit::{KEY, answer, exchange, header, set_cookie, shelf_with_a_session, visit};
use crate::engine::Shelf;

/// Django: SessionMiddlewareTests.test_session_update_error_redirect
/// Promise 4
#[tokio::test]
async fn a_session_ended_elsewhere_answers_400_without_a_cookie() {
    let shelf = shelf_with_a_session();
    let response = visit(&shelf, Some(KEY), 200, async |session| {
        session.insert("a", &2).unwrap();
        shelf.take(KEY);
    })
    .await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (400, ""));
    assert_eq!((set_cookie(&response), header(&response, VARY)), (None, Some("Cookie")));
    assert_eq!(header(&response, CACHE_CONTROL), None);
    assert_eq!(shelf.keys(), [""; 0]);
}

#[tokio::test]
async fn the_handlers_answer_to_an_ended_session_can_be_kept() {
    let shelf = Shelf::new(|settings| settings.on_interrupted = OnInterrupted::KeepResponse);
    shelf.put(KEY, "{}");
    let response = visit(&shelf, Some(KEY), 201, async |session| {
        session.insert("a", &2).unwrap();
        shelf.take(KEY);
    })
    .await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (201, "the handler's"));
    assert_eq!((set_cookie(&response), header(&response, VARY)), (None, Some("Cookie")));
    assert_eq!(shelf.keys(), [""; 0]);
}

/// Promise 9
#[tokio::test]
async fn every_failure_has_its_status() {
    let down = || StoreError::unavailable("down");
    for (error, status) in [
        (CommitError::Gone(SessionInterrupted), 400),
        (CommitError::Conflict(SessionConflict::Changed), 409),
        (CommitError::Conflict(EditError::NotAList { name: "a".into() }.into()), 409),
        (CommitError::Contended, 503),
        (CommitError::Unavailable(down()), 503),
        (CommitError::Load(LoadError::Unavailable(down())), 503),
        (CommitError::Load(LoadError::Closed), 500),
        (CommitError::Unknown(StoreError::unknown("cut")), 500),
        (CommitError::Encode(EncodeError::TooLarge { size: 2, limit: 1 }), 500),
        (CommitError::Rng(RngError::new("none".into())), 500),
    ] {
        let shelf = shelf_with_a_session();
        shelf.fail_commits(error);
        let response =
            visit(&shelf, Some(KEY), 200, async |session| session.insert("a", &2).unwrap()).await;
        assert_eq!((response.status().as_u16(), response.body().as_str()), (status, ""));
        assert_eq!((set_cookie(&response), header(&response, VARY)), (None, Some("Cookie")));
    }
}

/// Promise 9
#[tokio::test]
async fn a_store_that_is_down_is_no_empty_session() {
    let shelf = Shelf::new(|settings| settings.save_every_request = true);
    shelf.put(KEY, "{}");
    shelf.fail_loads();
    let exchange = exchange(&shelf, Some(KEY));
    assert!(matches!(exchange.session().load().await, Err(LoadError::Unavailable(_))));
    // Renewing has to load first.
    let response = answer(&exchange, 200).await;
    assert_eq!((response.status().as_u16(), set_cookie(&response)), (503, None));
    assert_eq!(shelf.keys(), [KEY]);
}

/// Promise 9
#[tokio::test]
async fn a_logout_that_failed_is_not_reported_as_done() {
    let shelf = shelf_with_a_session();
    shelf.fail_commits(CommitError::Unavailable(StoreError::unavailable("down")));
    let response = visit(&shelf, Some(KEY), 200, async |session| session.flush().unwrap()).await;
    assert_eq!((response.status().as_u16(), set_cookie(&response)), (503, None));
    assert_eq!(shelf.keys(), [KEY]);
}

/// Promise 6
#[tokio::test]
async fn a_refusal_further_out_lets_the_cookie_of_a_stored_session_through() {
    let inner = shelf_with_a_session();
    let stored = visit(&inner, Some(KEY), 200, async |session| session.cycle_key().unwrap()).await;
    let cookie = set_cookie(&stored).unwrap().to_owned();

    let outer = Shelf::new(|_| {});
    outer.fail_commits(CommitError::Contended);
    let exchange = exchange(&outer, None);
    exchange.session().load().await.unwrap().insert("a", &1).unwrap();
    let Finish::Commit(committing) = exchange.finish(stored.status()) else {
        panic!("there is something to store")
    };
    let answer = committing.await.apply(stored);
    assert_eq!((answer.status().as_u16(), answer.body().as_str()), (503, ""));
    assert_eq!(set_cookie(&answer), Some(cookie.as_str()));
    assert_eq!(header(&answer, VARY), Some("Cookie"));
    assert_eq!(header(&answer, CACHE_CONTROL), Some("private"));
}
