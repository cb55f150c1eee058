//! A browser in miniature.

use axum::Router;
use axum::body::Body;
use http::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE, VARY};
use http::{Request, Response};
use http_body_util::BodyExt;
use lodger::axum::SessionLayer;
use lodger_core::{SessionKey, SessionStore};
use lodger_tests::site::Site;
use tower::ServiceExt;

/// Puts a site's sessions around its pages.
pub(crate) fn app<S: SessionStore>(site: &Site<S>, pages: Router) -> Router {
    pages.layer(SessionLayer::new(site.manager.clone()))
}

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

/// Asks for a page as a visitor with this key does, or one without.
pub(crate) async fn ask(app: &Router, path: &str, key: Option<&SessionKey>) -> Answer {
    let cookie = key.map(|key| format!("sessionid={}", key.expose()));
    let cookie = cookie.map(|cookie| HeaderValue::try_from(cookie).unwrap());
    send(app, path, cookie).await
}

/// Asks for a page with these `Cookie` headers.
pub(crate) async fn send(
    app: &Router,
    path: &str,
    cookies: impl IntoIterator<Item = HeaderValue>,
) -> Answer {
    let mut request = Request::get(path).body(Body::empty()).unwrap();
    for cookie in cookies {
        request.headers_mut().append(COOKIE, cookie);
    }
    Answer::read(app.clone().oneshot(request).await.unwrap()).await
}

impl Answer {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Self {
            status: head.status.as_u16(),
            headers: head.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    /// All `Set-Cookie` headers.
    pub(crate) fn set_cookies(&self) -> Vec<&str> {
        self.headers.get_all(SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap()).collect()
    }

    /// The only `Set-Cookie` header, if there is one.
    pub(crate) fn set_cookie(&self) -> Option<&str> {
        let cookies = self.set_cookies();
        assert!(cookies.len() < 2, "there is one session here");
        cookies.first().copied()
    }

    /// The key that it gives the visitor, if any.
    pub(crate) fn key(&self) -> Option<SessionKey> {
        let value = self.set_cookie()?.strip_prefix("sessionid=")?.split(';').next()?;
        SessionKey::parse(value, 128).ok()
    }

    /// The same where the key is the data themselves.
    pub(crate) fn cookie_key(&self) -> Option<SessionKey> {
        let value = self.set_cookie()?.strip_prefix("sessionid=")?.split(';').next()?;
        SessionKey::parse(value, 4096).ok()
    }

    /// Whether it has the visitor forget the cookie.
    pub(crate) fn removes_the_cookie(&self) -> bool {
        self.set_cookie().is_some_and(|cookie| {
            cookie.starts_with("sessionid=\"\";") && cookie.contains("Max-Age=0")
        })
    }

    /// Whether caches are told that it depends on the cookie.
    pub(crate) fn varies(&self) -> bool {
        self.headers.get_all(VARY).iter().any(|vary| vary == "Cookie")
    }
}
