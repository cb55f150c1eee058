//! Logging out, and what holds of it when the response is an error.

use lodger_tests::site::Site;

use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask};

on_the_rows_of_every_store!(
    a_logout_ends_the_session_for_good,
    a_logout_holds_on_a_server_error,
    what_follows_a_logout_is_a_new_session,
    what_follows_a_logout_is_dropped_on_a_server_error,
    an_emptied_session_is_stored_and_keeps_its_cookie,
    a_change_is_dropped_on_a_server_error_and_on_no_other_status,
);

/// Django: SessionMiddlewareTests.test_session_delete_on_end
/// Promise 3
async fn a_logout_ends_the_session_for_good<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for path in ["/logout", "/blind_logout", "/logout_now"] {
        let key = site.stored(r#"{"a":1}"#).await;
        let answer = ask(&app, path, Some(&key)).await;
        assert!(answer.status == 200 && answer.removes_the_cookie() && answer.varies(), "{path}");
        assert_eq!(site.faults.store().drain().await, 0, "{path}");
        for replayed in ["/read", "/set", "/login"] {
            let answer = ask(&app, replayed, Some(&key)).await;
            assert!(!answer.body.contains('a'), "{replayed} after {path}: {}", answer.body);
            assert_ne!(answer.key(), Some(key.clone()));
            assert_eq!(site.data(&key).await, None);
        }
        site.faults.store().drain().await;
    }
}

/// Promise 3
async fn a_logout_holds_on_a_server_error<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for status in [500, 503, 599] {
        let key = site.stored(r#"{"a":1}"#).await;
        let answer = ask(&app, &format!("/logout?status={status}"), Some(&key)).await;
        assert_eq!(answer.status, status);
        assert!(answer.removes_the_cookie() && answer.varies());
        assert_eq!(site.faults.store().drain().await, 0);
    }
}

/// Django: SessionMiddlewareTests.test_flush_empty_without_session_cookie_doesnt_set_cookie
/// Promise 3
async fn what_follows_a_logout_is_a_new_session<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    let answer = ask(&app, "/logout_and_set", Some(&key)).await;
    let new = answer.key().unwrap();
    assert_ne!(new, key);
    assert_eq!(site.data(&new).await.as_deref(), Some(r#"{"x":1}"#));
    assert_eq!(site.faults.store().drain().await, 1);
    let nobodys = ask(&app, "/logout", None).await;
    assert_eq!((nobodys.set_cookie(), nobodys.varies()), (None, true));
}

/// Promise 3
async fn what_follows_a_logout_is_dropped_on_a_server_error<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let answer = ask(&app(&site, pages()), "/logout_and_set?status=500", Some(&key)).await;
    assert_eq!(answer.status, 500);
    assert!(answer.removes_the_cookie());
    assert_eq!(site.faults.store().drain().await, 0);
}

/// Django: SessionMiddlewareTests.test_session_save_on_500
/// Django: SessionMiddlewareTests.test_session_save_on_5xx
async fn a_change_is_dropped_on_a_server_error_and_on_no_other_status<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for (status, stored) in [
        (200, true),
        (302, true),
        (404, true),
        (499, true),
        (500, false),
        (503, false),
        (599, false),
    ] {
        let key = site.stored(r#"{"a":1}"#).await;
        let path = format!("/set?status={status}");
        let answer = ask(&app, &path, Some(&key)).await;
        assert_eq!((answer.status, answer.key()), (status, stored.then(|| key.clone())));
        assert!(answer.varies(), "it was accessed");
        let data = if stored { r#"{"a":1,"x":1}"# } else { r#"{"a":1}"# };
        assert_eq!(site.data(&key).await.as_deref(), Some(data), "{status}");
        assert_eq!(site.faults.store().drain().await, 1);

        let answer = ask(&app, &path, None).await;
        assert_eq!((answer.status, answer.key().is_some()), (status, stored));
        assert_eq!(site.faults.store().drain().await, u64::from(stored), "{status}");
    }
}

/// Django: SessionMiddlewareTests.test_empty_session_saved
async fn an_emptied_session_is_stored_and_keeps_its_cookie<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for path in ["/remove", "/clear"] {
        let key = site.stored(r#"{"a":1}"#).await;
        let answer = ask(&app, path, Some(&key)).await;
        assert_eq!((answer.status, answer.key()), (200, Some(key.clone())), "{path}");
        assert_eq!(site.data(&key).await.as_deref(), Some("{}"), "{path}");
        assert_eq!(ask(&app, "/read", Some(&key)).await.set_cookie(), None, "it is still there");
    }
}
