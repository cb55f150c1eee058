//! When it is decided, and what is then over.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::StatusCode;
use http::header::VARY;
use lodger_core::{EditError, LoadError};
use lodger_http::Finish;

use super::visit::{
    KEY, UNKNOWN, answer, exchange, header, set_cookie, shelf_with_a_session, visit,
};
use crate::engine::Shelf;

/// Promise 11
#[tokio::test]
async fn an_untouched_session_is_decided_at_once_and_asks_nothing() {
    let shelf = shelf_with_a_session();
    for cookie in [None, Some(KEY), Some(UNKNOWN)] {
        let exchange = exchange(&shelf, cookie);
        let Finish::Done(verdict) = exchange.finish(StatusCode::OK) else {
            panic!("nothing is to be stored")
        };
        assert!(!verdict.vary() && verdict.set_cookie().is_none() && verdict.refusal().is_none());
    }
    assert_eq!(shelf.asked(), (0, 0));
}

#[tokio::test]
async fn reading_is_decided_at_once_and_varies() {
    let shelf = shelf_with_a_session();
    let exchange = exchange(&shelf, Some(KEY));
    let session = exchange.session().load().await.unwrap();
    assert_eq!(session.get::<i32>("a").unwrap(), Some(1));
    let Finish::Done(verdict) = exchange.finish(StatusCode::OK) else {
        panic!("nothing is to be stored")
    };
    assert!(verdict.vary() && verdict.set_cookie().is_none());
    assert_eq!(shelf.asked(), (1, 0));
}

#[tokio::test]
async fn what_the_handler_saved_itself_gives_its_cookie_also_on_an_error() {
    let shelf = Shelf::new(|_| {});
    let response = visit(&shelf, None, 500, async |session| {
        session.insert("kept", &1).unwrap();
        session.save().await.unwrap();
        session.insert("dropped", &2).unwrap();
    })
    .await;
    let [key] = &shelf.keys()[..] else { panic!("one session") };
    assert_eq!(shelf.json(key).as_deref(), Some(r#"{"kept":1}"#));
    assert!(set_cookie(&response).unwrap().starts_with(&format!("sessionid={key};")));
    assert_eq!(header(&response, VARY), Some("Cookie"));
}

#[tokio::test]
async fn what_the_handler_saved_itself_gives_no_cookie_that_the_browser_has() {
    let shelf = shelf_with_a_session();
    for status in [200, 500] {
        let response =
            visit(&shelf, Some(KEY), status, async |session| session.save().await.unwrap()).await;
        assert_eq!(set_cookie(&response), None);
        assert_eq!(header(&response, VARY), Some("Cookie"));
    }
}

#[tokio::test]
async fn once_answered_every_handle_is_closed_touched_or_not() {
    let shelf = shelf_with_a_session();
    let late = exchange(&shelf, Some(KEY));
    answer(&late, 200).await;
    assert_eq!(late.session().load().await.unwrap_err(), LoadError::Closed);

    for (touch, status) in [(false, 200), (true, 200), (false, 500)] {
        let late = exchange(&shelf, Some(KEY));
        let session = late.session().load().await.unwrap();
        if touch {
            session.insert("b", &2).unwrap();
        }
        answer(&late, status).await;
        assert_eq!(session.insert("c", &3), Err(EditError::Closed));
        // A streaming body goes on reading what its handler saw.
        assert_eq!(session.get::<i32>("a").unwrap(), Some(1));
    }
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1,"b":2}"#));
}

/// Promise 14
#[tokio::test]
async fn a_save_that_the_handler_dropped_half_way_is_seen_through_before_the_answer() {
    let shelf = shelf_with_a_session();
    let held = Arc::clone(&shelf.gate).lock_owned().await;
    let exchange = exchange(&shelf, Some(KEY));
    let session = exchange.session().load().await.unwrap();
    session.insert("a", &2).unwrap();
    {
        let mut context = Context::from_waker(Waker::noop());
        assert!(pin!(session.save()).poll(&mut context).is_pending());
    }
    // On an error nothing more is stored, but what is under way cannot be called back.
    let Finish::Commit(mut committing) = exchange.finish(StatusCode::INTERNAL_SERVER_ERROR) else {
        panic!("a save is under way")
    };
    let mut context = Context::from_waker(Waker::noop());
    assert!(pin!(&mut committing).poll(&mut context).is_pending());
    drop(held);
    let Poll::Ready(verdict) = pin!(&mut committing).poll(&mut context) else {
        panic!("the store answers now")
    };
    assert!(verdict.set_cookie().is_none(), "the browser has the key already");
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":2}"#));
    assert_eq!(shelf.asked(), (1, 1));
}
