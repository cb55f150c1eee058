//! Requests that do not come to their end, and handles that outlive their response.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use futures_util::stream;
use lodger::axum::Session;
use lodger_core::{EditError, SessionStore};
use lodger_testing::{Fault, Method};
use lodger_tests::site::Site;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, oneshot};

use super::page::pages;
use super::visitor::{app, ask};

on_every_store!(
    edits_in_a_streaming_body_are_refused_and_change_nothing,
    a_handler_that_is_dropped_stores_nothing,
    a_client_that_goes_away_leaves_nothing_behind,
    a_request_dropped_while_it_is_stored_is_stored_all_the_same,
    a_handler_that_panics_stores_nothing_and_harms_no_later_request,
);

/// Longer than anything here takes.
const LONG: Duration = Duration::from_secs(20);

async fn edits_in_a_streaming_body_are_refused_and_change_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let page = get(async |session: Session| {
        session.insert("head", &1).unwrap();
        Body::from_stream(stream::once(async move {
            let edits = [
                session.insert("late", &1),
                session.clear(),
                session.flush(),
                session.cycle_key(),
                session.increment("n", 1).map(|_| ()),
            ];
            assert!(edits.iter().all(|edit| *edit == Err(EditError::Closed)), "{edits:?}");
            assert!(session.save().await.is_err());
            // Reading goes on.
            Ok::<_, EditError>(session.keys().join(","))
        }))
    });
    let answer = ask(&app(&site, Router::new().route("/", page)), "/", Some(&key)).await;
    assert_eq!((answer.status, answer.body.as_str()), (200, "a,head"));
    assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1,"head":1}"#));
}

/// `/` changes its session, tells that it has, and never answers; what it holds is dropped with it.
fn endless(changed: &Arc<Notify>, held: oneshot::Sender<()>) -> Router {
    let (changed, held) = (Arc::clone(changed), Arc::new(std::sync::Mutex::new(Some(held))));
    let page = move |session: Session| {
        let (changed, held) = (Arc::clone(&changed), held.lock().unwrap().take());
        async move {
            let _held = held;
            session.insert("x", &1).unwrap();
            session.cycle_key().unwrap();
            changed.notify_one();
            std::future::pending::<()>().await
        }
    };
    Router::new().route("/", get(page))
}

/// Promise 14
async fn a_handler_that_is_dropped_stores_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let (changed, (held, dropped)) = (Arc::new(Notify::new()), oneshot::channel());
    let endless = app(&site, endless(&changed, held));
    tokio::select! {
        _ = ask(&endless, "/", Some(&key)) => panic!("it never answers"),
        () = changed.notified() => {}
    }
    drop(endless);
    assert!(dropped.await.is_err());
    assert_eq!(site.spy.calls().writes(), 0);
    assert_eq!(ask(&app(&site, pages()), "/set", Some(&key)).await.body, "a,x");
}

/// Promise 14
async fn a_client_that_goes_away_leaves_nothing_behind<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let (changed, (held, dropped)) = (Arc::new(Notify::new()), oneshot::channel());
    let app = app(&site, endless(&changed, held).merge(pages()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move { axum::serve(listener, app).await });

    let request = |path: &str| {
        let key = key.expose();
        format!(
            "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nCookie: sessionid={key}\r\n\r\n"
        )
    };
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(request("/").as_bytes()).await.unwrap();
    changed.notified().await;
    drop(client);
    let gone = tokio::time::timeout(LONG, dropped).await;
    assert!(matches!(gone, Ok(Err(_))), "the handler goes with its client");
    assert_eq!(site.spy.calls().writes(), 0);

    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(request("/count").as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("a,n"), "{answer}");
    assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1,"n":1}"#));
    server.abort();
}

/// Promise 14
async fn a_request_dropped_while_it_is_stored_is_stored_all_the_same<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for (path, method) in
        [("/count", Method::Swap), ("/login", Method::Cycle), ("/logout", Method::Delete)]
    {
        let key = site.stored(r#"{"a":1}"#).await;
        site.faults.script(method, [Fault::Late(Duration::from_millis(200))]);
        tokio::select! {
            _ = ask(&app, path, Some(&key)) => panic!("it takes longer"),
            () = begun(&site) => {}
        }
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#), "not yet stored");
        let stored = async {
            while site.data(&key).await.as_deref() == Some(r#"{"a":1}"#) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(LONG, stored).await.expect("it is stored in the end");
        let left = (path == "/count").then(|| r#"{"a":1,"n":1}"#.to_owned());
        assert_eq!(site.data(&key).await, left, "{path}");
        assert_eq!(site.spy.calls().writes(), 1, "{path}: stored once");
    }
}

/// Until a write is on its way to the store.
async fn begun<S: SessionStore>(site: &Site<S>) {
    while site.spy.calls().writes() == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Promise 14
async fn a_handler_that_panics_stores_nothing_and_harms_no_later_request<S: SessionStore>(
    store: S,
) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let page = get(async |session: Session| -> String {
        session.insert("x", &1).unwrap();
        session.flush().unwrap();
        panic!("as handlers do")
    });
    let app = app(&site, pages().route("/", page));
    for _ in 0..20 {
        let (app, key) = (app.clone(), key.clone());
        let panicked = tokio::spawn(async move { ask(&app, "/", Some(&key)).await }).await;
        assert!(panicked.err().is_some_and(|error| error.is_panic()));
    }
    assert_eq!(site.spy.calls().writes(), 0);
    assert_eq!(ask(&app, "/count", Some(&key)).await.body, "a,n");
    assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1,"n":1}"#));
}
