//! The whole way of a request, from the cookie to the next one, through the layer.

use std::sync::Arc;

use axum::Router;
use http::HeaderValue;
use lodger::axum::SessionLayer;
use lodger_core::{SessionEngine, Settings};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::{CookieSite, ListedSite};

use crate::flow::page::pages;
use crate::flow::visitor::{Answer, ask, send};

fn app(engine: Arc<dyn SessionEngine>) -> Router {
    pages().layer(SessionLayer::new(engine))
}

fn quoted(answer: &Answer) -> HeaderValue {
    let value = answer.set_cookie().unwrap().split(';').next().unwrap();
    let (name, value) = value.split_once('=').unwrap();
    HeaderValue::try_from(format!("{name}=\"{value}\"")).unwrap()
}

#[tokio::test]
async fn a_visitor_counts_logs_in_and_out() {
    let site = CookieSite::with_settings(Settings::default());
    let app = app(site.engine());
    let first = ask(&app, "/count", None).await;
    assert_eq!((first.status, first.body.as_str(), first.varies()), (200, "n", true));
    let key = first.cookie_key().unwrap();
    let login = ask(&app, "/login", Some(&key)).await;
    let key = login.cookie_key().unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1,"user":"ada"}"#);
    assert_eq!(ask(&app, "/read", Some(&key)).await.body, "n,user");
    assert_eq!(ask(&app, "/untouched", Some(&key)).await.set_cookie(), None);
    let logout = ask(&app, "/logout?status=500", Some(&key)).await;
    assert!(logout.removes_the_cookie() && logout.varies());
}

/// Django on Python 2.7 quotes what has a colon, and browsers send it back so.
#[tokio::test]
async fn a_quoted_cookie_is_read() {
    let app = app(CookieSite::with_settings(Settings::default()).engine());
    let first = ask(&app, "/set", None).await;
    let answer = send(&app, "/read", [quoted(&first)]).await;
    assert_eq!(answer.body, "x");
}

#[tokio::test]
async fn a_cookie_that_nobody_signed_is_removed_once_it_was_looked_at() {
    let app = app(CookieSite::with_settings(Settings::default()).engine());
    let forged = || [HeaderValue::from_static("sessionid=eyJ4IjoxfQ:1r31eq:forged")];
    assert_eq!(send(&app, "/untouched", forged()).await.set_cookie(), None);
    assert!(send(&app, "/read", forged()).await.removes_the_cookie());
    assert!(send(&app, "/clear", forged()).await.removes_the_cookie());
    let megabyte = HeaderValue::try_from(format!("sessionid={}", "a".repeat(1 << 20))).unwrap();
    assert_eq!(send(&app, "/read", [megabyte]).await.status, 200);
}

/// Promise 4
#[tokio::test]
async fn a_session_that_is_too_large_answers_500_without_a_cookie() {
    let mut settings = Settings::default();
    settings.limits.cookie_value = "eyJ4IjoxfQ:1r31eq:".len() + 43;
    let site = CookieSite::with_settings(settings);
    let app = app(site.engine());
    let first = ask(&app, "/set", None).await;
    assert_eq!(first.status, 200, "{:?}", first.set_cookies());
    let key = first.cookie_key().unwrap();
    let refused = ask(&app, "/login", Some(&key)).await;
    assert_eq!((refused.status, refused.set_cookie()), (500, None));
    assert_eq!(ask(&app, "/read", Some(&key)).await.body, "x");
}

/// Promise 3
#[tokio::test]
async fn with_a_list_a_copied_cookie_is_worth_nothing_after_the_logout() {
    let site = ListedSite::in_memory();
    let app = app(site.engine());
    let copied = ask(&app, "/login", None).await.cookie_key().unwrap();
    assert!(ask(&app, "/logout", Some(&copied)).await.removes_the_cookie());
    let answer = ask(&app, "/read", Some(&copied)).await;
    assert_eq!(answer.body, "");
    assert!(answer.removes_the_cookie());
}

/// Promise 9
#[tokio::test]
async fn a_list_that_is_down_answers_503_and_removes_no_cookie() {
    use lodger_testing::{Fault, Method};
    let site = ListedSite::in_memory();
    let app = app(site.engine());
    let key = ask(&app, "/login", None).await.cookie_key().unwrap();
    site.faults.always(Method::Load, Fault::Unavailable);
    for page in ["/read", "/set"] {
        let answer = ask(&app, page, Some(&key)).await;
        assert_eq!((answer.status, answer.set_cookie()), (503, None));
    }
    site.faults.heal();
    assert_eq!(ask(&app, "/read", Some(&key)).await.body, "user");
}
