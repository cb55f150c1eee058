//! A visit to a handler.

use std::future::Future;
use std::sync::Arc;

use http::header::{CACHE_CONTROL, COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use lodger_core::Session;
use lodger_http::{Exchange, Finish};

use crate::engine::Shelf;

pub(super) const KEY: &str = "key00001abcdefghijklmnopqrstuvwx";
pub(super) const UNKNOWN: &str = "unknownkey0123456789abcdefghijkl";

pub(super) fn exchange(shelf: &Arc<Shelf>, cookie: Option<&str>) -> Exchange {
    let mut headers = HeaderMap::new();
    if let Some(value) = cookie {
        headers.insert(COOKIE, HeaderValue::try_from(format!("sessionid={value}")).unwrap());
    }
    Exchange::of(Arc::clone(shelf) as _, &headers)
}

/// What the client gets when the handler answers with this status.
pub(super) async fn answer(exchange: &Exchange, status: u16) -> Response<String> {
    let status = StatusCode::from_u16(status).unwrap();
    let verdict = match exchange.finish(status) {
        Finish::Done(verdict) => verdict,
        Finish::Commit(committing) => committing.await,
    };
    let mut response = Response::new("the handler's".to_owned());
    *response.status_mut() = status;
    response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    verdict.apply(response)
}

pub(super) async fn visit<F>(
    shelf: &Arc<Shelf>,
    cookie: Option<&str>,
    status: u16,
    handler: impl FnOnce(Session) -> F,
) -> Response<String>
where
    F: Future<Output = ()>,
{
    let exchange = exchange(shelf, cookie);
    handler(exchange.session().load().await.unwrap()).await;
    answer(&exchange, status).await
}

pub(super) fn header<B>(response: &Response<B>, name: http::HeaderName) -> Option<&str> {
    response.headers().get(name).map(|value| value.to_str().unwrap())
}

pub(super) fn set_cookie<B>(response: &Response<B>) -> Option<&str> {
    header(response, SET_COOKIE)
}

pub(super) fn shelf_with_a_session() -> Arc<Shelf> {
    let shelf = Shelf::new(|_| {});
    shelf.put(KEY, r#"{"a":1}"#);
    shelf
}

pub(super) fn removes(response: &Response<String>) -> bool {
    set_cookie(response)
        .is_some_and(|text| text.starts_with("sessionid=\"\"; expires=Thu, 01 Jan 1970"))
}
