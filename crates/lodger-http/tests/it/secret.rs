//! What is never printed.

use std::io;
use std::sync::{Arc, Mutex};

use http::header::{COOKIE, HeaderMap, HeaderValue};
use http::{Response, StatusCode};
use lodger_core::{CommitError, CookieExpiry, CookieValue, SessionCookie, Settings, Timestamp};
use lodger_http::{CookieError, Exchange, Finish, cookie};

use crate::engine::Shelf;

const CANARY: &str = "canary01abcdefghijklmnopqrstuvwx";

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Promise 12
#[tokio::test]
async fn a_failure_is_logged_once_and_without_the_key() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);

    let shelf = Shelf::new(|_| {});
    shelf.put(CANARY, r#"{"canary":"canary"}"#);
    shelf.fail_commits(CommitError::Contended);
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::try_from(format!("sessionid={CANARY}")).unwrap());
    let exchange = Exchange::of(Arc::clone(&shelf) as _, &headers);
    exchange.session().load().await.unwrap().insert("other", "canary").unwrap();
    let Finish::Commit(committing) = exchange.finish(StatusCode::OK) else {
        panic!("there is something to store")
    };
    let response = committing.await.apply(Response::new(String::new()));
    assert_eq!(response.status(), 503);

    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert_eq!(log.lines().count(), 1, "{log}");
    assert!(log.contains("ERROR") && log.contains("status=503"), "{log}");
    assert!(!log.contains("canary"), "{log}");
}

/// Promise 12
#[tokio::test]
async fn nothing_that_can_be_printed_shows_the_key() {
    let shelf = Shelf::new(|_| {});
    shelf.put(CANARY, "{}");
    let mut headers = HeaderMap::new();
    headers.insert(COOKIE, HeaderValue::try_from(format!("sessionid={CANARY}")).unwrap());
    let exchange = Exchange::of(Arc::clone(&shelf) as _, &headers);
    exchange.session().load().await.unwrap().insert("a", &1).unwrap();
    let mut shown = format!("{exchange:?}");
    let finish = exchange.finish(StatusCode::OK);
    shown += &format!("{finish:?}");
    let Finish::Commit(committing) = finish else { panic!("there is something to store") };
    let verdict = committing.await;
    assert!(verdict.set_cookie().unwrap().to_str().unwrap().contains(CANARY));
    shown += &format!("{verdict:?}");
    let mut response = Response::new(String::new());
    verdict.edit(response.headers_mut());
    shown += &format!("{response:?}");
    assert!(!shown.contains("canary"), "{shown}");
}

/// Promise 12
#[test]
fn the_error_about_a_value_does_not_quote_it() {
    let value = CookieValue::new("canary\u{1f36a}".as_bytes());
    let cookie = SessionCookie { value, expiry: CookieExpiry::AtBrowserClose };
    let error = cookie::set(&Settings::default(), &cookie, Timestamp::from_secs(0)).unwrap_err();
    assert_eq!(error, CookieError::Value);
    assert!(!format!("{error} {error:?}").contains("canary"));
}
