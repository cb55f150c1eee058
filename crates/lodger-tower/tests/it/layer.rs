//! The way through the layer.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use http::header::{CACHE_CONTROL, VARY};
use http::{HeaderValue, Request};
use lodger_core::SessionEngine;
use lodger_tower::{Session, SessionLayer};
use tower::{Layer, Service, ServiceExt, service_fn};

use crate::engine::Shelf;
use crate::visit::{KEY, answer, handle, request, set_cookies, shelf_with_a_session, value, visit};

async fn count(session: Session) -> http::Response<String> {
    let visits = session.increment("visits", 1).unwrap();
    http::Response::new(visits.to_string())
}

#[tokio::test]
async fn a_visitor_is_known_again_by_the_cookie() {
    let shelf = Shelf::new(|_| {});
    let first = visit(&shelf, None, count).await;
    assert_eq!(first.body(), "1");
    let key = value(set_cookies(&first)[0]).to_owned();
    let second = visit(&shelf, Some(&key), count).await;
    assert_eq!((second.body().as_str(), value(set_cookies(&second)[0])), ("2", key.as_str()));
    assert_eq!(shelf.keys(), [key]);
}

/// Promise 13
#[tokio::test]
async fn a_response_that_sets_the_cookie_varies_and_is_private() {
    let response = visit(&Shelf::new(|_| {}), None, async |session| {
        session.insert("a", &1).unwrap();
        let mut response = answer(200);
        let shared = HeaderValue::from_static("public, s-maxage=60, max-age=5");
        response.headers_mut().insert(CACHE_CONTROL, shared);
        response.headers_mut().insert(VARY, HeaderValue::from_static("Accept"));
        response
    })
    .await;
    assert_eq!(response.headers()[VARY], "Accept, Cookie");
    assert_eq!(response.headers()[CACHE_CONTROL], "private, max-age=5");
}

/// Promise 11
#[tokio::test]
async fn an_untouched_session_costs_nothing_and_waits_for_nothing() {
    let shelf = shelf_with_a_session();
    let service = service_fn(async |request: Request<()>| {
        handle::<lodger_tower::Site>(&request);
        Ok::<_, ()>(answer(200))
    });
    let mut service = SessionLayer::new(shelf.clone()).layer(service);
    let response = pin!(service.call(request(Some(KEY))));
    let Poll::Ready(Ok(response)) = response.poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("there is nothing to wait for")
    };
    assert!(response.headers().is_empty());
    assert_eq!(response.body(), "the handler's");
    assert_eq!(shelf.asked(), (0, 0));
}

/// Promise 2
#[tokio::test]
async fn the_head_waits_until_the_session_is_stored() {
    let shelf = shelf_with_a_session();
    let held = Arc::clone(&shelf.gate).lock_owned().await;
    let mut response = pin!(visit(&shelf, Some(KEY), count));
    let mut context = Context::from_waker(Waker::noop());
    assert!(response.as_mut().poll(&mut context).is_pending());
    assert!(response.as_mut().poll(&mut context).is_pending());
    assert_eq!(shelf.asked(), (1, 1));
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1}"#));
    drop(held);
    assert_eq!(response.await.body(), "1");
    assert_eq!(shelf.json(KEY).as_deref(), Some(r#"{"a":1,"visits":1}"#));
}

/// Promise 5
#[tokio::test]
async fn two_requests_that_both_loaded_first_both_leave_their_mark() {
    let shelf = shelf_with_a_session();
    let barrier = tokio::sync::Barrier::new(2);
    let set = |name: &'static str| {
        let barrier = &barrier;
        visit(&shelf, Some(KEY), move |session| async move {
            assert!(!session.contains("b") && !session.contains("c"));
            barrier.wait().await;
            session.insert(name, &2).unwrap();
            session.increment("a", 1).unwrap();
            answer(200)
        })
    };
    let (first, second) = (set("b"), set("c"));
    tokio::join!(first, second);
    let json = shelf.json(KEY).unwrap();
    assert!(json.contains(r#""a":3"#) && json.contains(r#""b":2"#) && json.contains(r#""c":2"#));
}

#[tokio::test]
async fn the_error_of_the_service_is_its_own_and_stores_nothing_but_a_flush() {
    for (flush, left) in [(false, vec![KEY]), (true, vec![])] {
        let shelf = shelf_with_a_session();
        let service = service_fn(async |request: Request<()>| {
            let session = handle::<lodger_tower::Site>(&request).load().await.unwrap();
            if flush {
                session.flush().unwrap();
            }
            session.insert("a", &2).unwrap();
            Err::<http::Response<String>, &str>("the service's own")
        });
        let service = SessionLayer::new(shelf.clone()).layer(service);
        assert_eq!(service.oneshot(request(Some(KEY))).await.unwrap_err(), "the service's own");
        assert_eq!(shelf.keys(), left);
        assert_ne!(shelf.json(KEY).as_deref(), Some(r#"{"a":2}"#));
    }
}

#[tokio::test]
async fn an_engine_chosen_at_run_time_will_do_and_clones_share_it() {
    let shelf = Shelf::new(|_| {});
    let engine: Arc<dyn SessionEngine> = shelf.clone();
    let layer = SessionLayer::new(engine).clone();
    let service = layer.layer(service_fn(async |request: Request<()>| {
        let session = handle::<lodger_tower::Site>(&request).load().await.unwrap();
        session.insert("a", &1).unwrap();
        Ok::<_, ()>(answer(200))
    }));
    for service in [service.clone(), service] {
        service.oneshot(request(None)).await.unwrap();
    }
    assert_eq!(shelf.keys().len(), 2);
}

/// Promise 12
#[tokio::test]
async fn nothing_that_can_be_printed_shows_a_key_or_data() {
    let shelf = Shelf::new(|_| {});
    shelf.put("canary-key", r#"{"a":"canary"}"#);
    let layer = SessionLayer::new(shelf.clone());
    let service = service_fn(async |request: Request<()>| {
        let lazy = handle::<lodger_tower::Site>(&request);
        let session = lazy.load().await.unwrap();
        Ok::<_, ()>(http::Response::new(format!("{lazy:?} {session:?}")))
    });
    let mut service = layer.layer(service);
    let future = service.call(request(Some("canary-key")));
    let shown = format!("{layer:?} {future:?}");
    let body = future.await.unwrap().into_body();
    for shown in [shown, body] {
        assert!(shown.contains("Session") && !shown.contains("canary"), "{shown}");
    }
}
