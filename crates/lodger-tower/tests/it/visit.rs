//! A request through the layer.

use std::convert::Infallible;
use std::future::Future;
use std::sync::Arc;

use http::header::{COOKIE, SET_COOKIE};
use http::{Request, Response};
use lodger_tower::{LazySession, Session, SessionLayer};
use tower::{Layer, ServiceExt, service_fn};

use crate::engine::Shelf;

pub(crate) const KEY: &str = "key00001abcdefghijklmnopqrstuvwx";

pub(crate) fn shelf_with_a_session() -> Arc<Shelf> {
    let shelf = Shelf::new(|_| {});
    shelf.put(KEY, r#"{"a":1}"#);
    shelf
}

pub(crate) fn request(cookie: Option<&str>) -> Request<()> {
    let mut request = Request::new(());
    if let Some(value) = cookie {
        request.headers_mut().insert(COOKIE, format!("sessionid={value}").try_into().unwrap());
    }
    request
}

/// The handle that the layer put into a request.
pub(crate) fn handle<N: 'static>(request: &Request<()>) -> LazySession<N> {
    LazySession::find(request.extensions()).unwrap()
}

/// What the client gets from a handler that works with the loaded session.
pub(crate) async fn visit<F>(
    shelf: &Arc<Shelf>,
    cookie: Option<&str>,
    handler: impl Fn(Session) -> F,
) -> Response<String>
where
    F: Future<Output = Response<String>>,
{
    let service = service_fn(async |request: Request<()>| {
        let session = handle(&request).load().await.unwrap();
        Ok::<_, Infallible>(handler(session).await)
    });
    SessionLayer::new(shelf.clone()).layer(service).oneshot(request(cookie)).await.unwrap()
}

pub(crate) fn answer(status: u16) -> Response<String> {
    Response::builder().status(status).body("the handler's".to_owned()).unwrap()
}

pub(crate) fn set_cookies<B>(response: &Response<B>) -> Vec<&str> {
    response.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
}

/// The value that a `Set-Cookie` header gives.
pub(crate) fn value(set_cookie: &str) -> &str {
    set_cookie.split_once('=').unwrap().1.split_once(';').unwrap().0
}
