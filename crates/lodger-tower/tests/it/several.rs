//! Sessions of several kinds, side by side.

use std::convert::Infallible;
use std::sync::Arc;

use http::header::COOKIE;
use http::{Request, Response};
use lodger_core::CommitError;
use lodger_tower::{LazySession, SessionLayer, Site};
use tower::{Layer, ServiceExt, service_fn};

use crate::engine::Shelf;
use crate::visit::{answer, handle, request, set_cookies, value};

struct Staff;

fn shelves() -> (Arc<Shelf>, Arc<Shelf>) {
    (Shelf::new(|_| {}), Shelf::new(|settings| settings.cookie_name = "staffid".into()))
}

/// A handler that notes in each session whose it is; the site's layer is the outer one.
async fn note(site: &Arc<Shelf>, staff: &Arc<Shelf>, request: Request<()>) -> Response<String> {
    let service = service_fn(async |request: Request<()>| {
        handle::<Site>(&request).load().await.unwrap().increment("site", 1).unwrap();
        handle::<Staff>(&request).load().await.unwrap().increment("staff", 1).unwrap();
        Ok::<_, Infallible>(answer(200))
    });
    let service = SessionLayer::<Staff>::named(staff.clone()).layer(service);
    SessionLayer::new(site.clone()).layer(service).oneshot(request).await.unwrap()
}

#[tokio::test]
async fn each_has_its_own_cookie_and_data() {
    let (site, staff) = shelves();
    let response = note(&site, &staff, request(None)).await;
    let [staff_cookie, site_cookie] = set_cookies(&response)[..] else { panic!("two cookies") };
    assert!(staff_cookie.starts_with("staffid=") && site_cookie.starts_with("sessionid="));
    let (staff_key, site_key) = (value(staff_cookie), value(site_cookie));
    assert_eq!(staff.json(staff_key).as_deref(), Some(r#"{"staff":1}"#));
    assert_eq!(site.json(site_key).as_deref(), Some(r#"{"site":1}"#));

    let mut again = Request::new(());
    let cookies = format!("sessionid={site_key}; staffid={staff_key}");
    again.headers_mut().insert(COOKIE, cookies.try_into().unwrap());
    note(&site, &staff, again).await;
    assert_eq!(staff.json(staff_key).as_deref(), Some(r#"{"staff":2}"#));
    assert_eq!(site.json(site_key).as_deref(), Some(r#"{"site":2}"#));
}

#[tokio::test]
async fn a_failure_of_the_outer_one_lets_the_cookie_of_the_inner_one_through() {
    let (site, staff) = shelves();
    site.fail_commits(CommitError::Contended);
    let response = note(&site, &staff, request(None)).await;
    assert_eq!((response.status().as_u16(), response.body().as_str()), (503, ""));
    let [cookie] = set_cookies(&response)[..] else { panic!("the cookie of the staff") };
    assert_eq!(staff.keys(), [value(cookie)]);
}

#[tokio::test]
async fn a_failure_of_the_inner_one_is_an_error_to_the_outer_one() {
    let (site, staff) = shelves();
    staff.fail_commits(CommitError::Contended);
    let response = note(&site, &staff, request(None)).await;
    assert_eq!((response.status().as_u16(), set_cookies(&response).len()), (503, 0));
    assert_eq!(site.keys(), [""; 0]);
}

#[tokio::test]
async fn a_kind_without_a_layer_is_missing_and_not_another_one() {
    let (site, _) = shelves();
    let service = service_fn(async |request: Request<()>| {
        let missing = LazySession::<Staff>::find(request.extensions()).unwrap_err();
        assert_eq!(missing.status(), 500);
        Ok::<_, Infallible>(Response::new(missing.to_string()))
    });
    let service = SessionLayer::new(site).layer(service);
    let response = service.oneshot(request(None)).await.unwrap();
    assert!(response.body().contains("session layer missing"), "{}", response.body());
}
