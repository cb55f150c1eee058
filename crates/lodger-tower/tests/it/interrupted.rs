//! Requests that do not come to their end, and handles that outlive theirs.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use http::header::VARY;
use http::{Request, Response};
use lodger_core::{CommitError, EditError, LoadError, StoreError};
use lodger_tower::{SessionLayer, Site};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::visit::{KEY, answer, handle, request, set_cookies, shelf_with_a_session, visit};

/// Django: SessionMiddlewareTests.test_session_update_error_redirect
/// Promise 4
#[tokio::test]
async fn a_session_ended_elsewhere_answers_400_in_the_handlers_place() {
    let shelf = shelf_with_a_session();
    let response = visit(&shelf, Some(KEY), async |session| {
        session.insert("a", &2).unwrap();
        shelf.take(KEY).unwrap();
        answer(200)
    })
    .await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (400, ""));
    assert_eq!(set_cookies(&response), [""; 0]);
    assert_eq!(response.headers()[VARY], "Cookie");
    assert_eq!(shelf.keys(), [""; 0]);
}

/// Promise 9
#[tokio::test]
async fn a_store_that_is_down_answers_503_and_the_session_stays() {
    let shelf = shelf_with_a_session();
    shelf.fail_commits(CommitError::Unavailable(StoreError::unavailable("down")));
    let response = visit(&shelf, Some(KEY), async |session| {
        session.flush().unwrap();
        answer(200)
    })
    .await;
    assert_eq!((response.status().as_u16(), set_cookies(&response).len()), (503, 0));
    assert_eq!(shelf.keys(), [KEY]);
}

/// Promise 9
#[tokio::test]
async fn a_session_that_cannot_be_loaded_is_an_error_and_not_an_empty_one() {
    let shelf = shelf_with_a_session();
    shelf.fail_loads();
    let service = service_fn(async |request: Request<()>| {
        let rejection = handle::<Site>(&request).load().await.unwrap_err();
        assert!(matches!(rejection.cause(), LoadError::Unavailable(_)));
        Ok::<_, Infallible>(answer(rejection.status().as_u16()))
    });
    let service = SessionLayer::new(shelf.clone()).layer(service);
    let response = service.oneshot(request(Some(KEY))).await.unwrap();
    assert_eq!((response.status().as_u16(), set_cookies(&response).len()), (503, 0));
    assert_eq!(shelf.keys(), [KEY]);
}

/// Promise 14
#[tokio::test]
async fn a_request_dropped_before_its_answer_stores_nothing() {
    let shelf = shelf_with_a_session();
    let service = service_fn(async |request: Request<()>| {
        let session = handle::<Site>(&request).load().await.unwrap();
        session.insert("a", &2).unwrap();
        std::future::pending::<Result<Response<String>, Infallible>>().await
    });
    let mut service = SessionLayer::new(shelf.clone()).layer(service);
    {
        let response = pin!(service.call(request(Some(KEY))));
        assert!(response.poll(&mut Context::from_waker(Waker::noop())).is_pending());
    }
    assert_eq!(shelf.asked(), (1, 0));
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1}"#));
}

/// Promise 14
#[tokio::test]
async fn a_handler_that_panics_stores_nothing_and_harms_no_other_request() {
    let shelf = shelf_with_a_session();
    let layer = SessionLayer::new(shelf.clone());
    let service = layer.layer(service_fn(|request: Request<()>| async move {
        let session = handle::<Site>(&request).load().await.unwrap();
        session.insert("a", &2).unwrap();
        if session.contains("a") {
            panic!("as handlers do");
        }
        Ok::<_, Infallible>(answer(200))
    }));
    assert!(tokio::spawn(service.oneshot(request(Some(KEY)))).await.unwrap_err().is_panic());
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1}"#));
    let response = visit(&shelf, Some(KEY), async |session| {
        session.insert("a", &3).unwrap();
        answer(200)
    })
    .await;
    assert_eq!(response.status(), 200);
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":3}"#));
}

#[tokio::test]
async fn a_handle_that_outlives_its_response_reads_and_does_not_edit() {
    let shelf = shelf_with_a_session();
    let (sent, kept) = (Arc::new(std::sync::Mutex::new(None)), Arc::default());
    let (sender, keeper): (_, Arc<std::sync::Mutex<Option<_>>>) = (sent.clone(), Arc::clone(&kept));
    visit(&shelf, Some(KEY), |session| {
        *sender.lock().unwrap() = Some(session);
        async { answer(200) }
    })
    .await;
    let session = sent.lock().unwrap().take().unwrap();
    assert_eq!(session.get::<i32>("a").unwrap(), Some(1));
    assert_eq!(session.insert("a", &2), Err(EditError::Closed));

    let service = service_fn(async |request: Request<()>| {
        *keeper.lock().unwrap() = Some(handle::<Site>(&request));
        Ok::<_, Infallible>(answer(200))
    });
    SessionLayer::new(shelf.clone()).layer(service).oneshot(request(Some(KEY))).await.unwrap();
    let lazy = kept.lock().unwrap().take().unwrap();
    assert_eq!(lazy.load().await.unwrap_err().cause(), &LoadError::Closed);
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1}"#));
}
