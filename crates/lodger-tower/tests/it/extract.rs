//! The extractors.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::header::{COOKIE, VARY};
use http::{Request, Response};
use http_body_util::BodyExt;
use lodger_tower::{LazySession, Session, SessionLayer, SessionRejection};
use tower::ServiceExt;

use crate::engine::Shelf;
use crate::visit::{KEY, set_cookies, shelf_with_a_session, value};

struct Staff;

async fn ask(app: Router, path: &str, cookie: &str) -> Response<Body> {
    let request = Request::get(path).header(COOKIE, cookie).body(Body::empty()).unwrap();
    app.oneshot(request).await.unwrap()
}

async fn text(response: Response<Body>) -> String {
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    String::from_utf8(bytes.to_vec()).unwrap()
}

async fn count(session: Session) -> String {
    session.increment("visits", 1).unwrap().to_string()
}

fn app(shelf: &Arc<Shelf>) -> Router {
    Router::new()
        .route("/", get(count))
        .route("/thrice", get(async |_: Session, _: Session, _: LazySession| ()))
        .route("/lazy", get(async |_: LazySession| ()))
        .route(
            "/load",
            get(async |lazy: LazySession| -> Result<String, SessionRejection> {
                Ok(lazy.load().await?.keys().join(","))
            }),
        )
        .layer(SessionLayer::new(shelf.clone()))
}

#[tokio::test]
async fn a_visitor_is_counted() {
    let shelf = Shelf::new(|_| {});
    let first = ask(app(&shelf), "/", "").await;
    let cookie = format!("sessionid={}", value(set_cookies(&first)[0]));
    assert_eq!(text(first).await, "1");
    assert_eq!(text(ask(app(&shelf), "/", &cookie).await).await, "2");
}

#[tokio::test]
async fn a_session_is_loaded_once_and_a_lazy_one_when_asked() {
    let cookie = format!("sessionid={KEY}");
    for (path, loads, varies) in
        [("/thrice", 1, false), ("/lazy", 0, false), ("/load", 1, true), ("/", 1, true)]
    {
        let shelf = shelf_with_a_session();
        let response = ask(app(&shelf), path, &cookie).await;
        assert_eq!((response.status().as_u16(), shelf.asked().0), (200, loads), "{path}");
        assert_eq!(response.headers().contains_key(VARY), varies, "{path}");
    }
}

/// Promise 9
#[tokio::test]
async fn a_store_that_is_down_answers_503_before_the_handler_runs() {
    let shelf = shelf_with_a_session();
    shelf.fail_loads();
    for path in ["/", "/load"] {
        let response = ask(app(&shelf), path, &format!("sessionid={KEY}")).await;
        assert_eq!(response.status(), 503);
        assert_eq!(response.headers()[VARY], "Cookie");
        assert_eq!(set_cookies(&response), [""; 0]);
        assert_eq!(text(response).await, "");
    }
    assert_eq!(shelf.asked(), (2, 0));
}

#[tokio::test]
async fn a_missing_layer_answers_500() {
    let app = Router::new()
        .route("/", get(async |_: Session| ()))
        .route("/lazy", get(async |_: LazySession| ()))
        .route("/staff", get(async |_: Session<Staff>| ()));
    for path in ["/", "/lazy", "/staff"] {
        let response = ask(app.clone(), path, "").await;
        assert_eq!(response.status(), 500);
        assert_eq!(response.headers()[VARY], "Cookie");
    }
}

#[tokio::test]
async fn several_kinds_are_told_apart_by_their_names() {
    let site = shelf_with_a_session();
    let staff = Shelf::new(|settings| settings.cookie_name = "staffid".into());
    staff.put("staff-key", r#"{"name":"ada"}"#);
    let app = Router::new()
        .route(
            "/",
            get(async |site: Session, staff: Session<Staff>| {
                format!("{:?} {:?}", site.keys(), staff.keys())
            }),
        )
        .layer(SessionLayer::<Staff>::named(staff.clone()))
        .layer(SessionLayer::new(site.clone()));
    let response = ask(app, "/", &format!("sessionid={KEY}; staffid=staff-key")).await;
    assert_eq!(text(response).await, r#"["a"] ["name"]"#);
}
