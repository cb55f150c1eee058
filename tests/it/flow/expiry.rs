//! When sessions end, and what the browser is told of it.

use axum::Router;
use axum::routing::get;
use lodger::axum::Session;
use lodger_core::{Clock, Expiry, Span, Timestamp};
use lodger_tests::site::Site;

use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask};

on_the_rows_of_every_store!(
    a_session_ends_two_weeks_after_its_last_change,
    a_session_until_the_browser_closes_has_no_max_age,
    sliding_seconds_count_from_each_change,
    a_span_and_a_date_do_not_slide,
    a_negative_age_ends_the_session_at_once,
    max_age_is_that_of_the_session_as_it_was_stored,
    an_expired_session_is_absent_and_its_cookie_removed,
);

/// `/` sets this expiry.
fn setting(expiry: Expiry) -> Router {
    let page = move |session: Session| async move { session.set_expiry(expiry).unwrap() };
    pages().route("/", get(page))
}

fn max_age(seconds: i64) -> String {
    format!("; Max-Age={seconds};")
}

const TWO_WEEKS: i64 = 14 * 86_400;

async fn a_session_ends_two_weeks_after_its_last_change<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    let first = ask(&app, "/set", None).await;
    let key = first.key().unwrap();
    let cookie = first.set_cookie().unwrap();
    assert!(cookie.contains(&max_age(TWO_WEEKS)), "{cookie}");
    assert!(cookie.contains("; expires=Tue, 28 Nov 2023 22:13:20 GMT;"), "{cookie}");
    site.clock.advance(Span::from_secs(TWO_WEEKS - 1));
    assert_eq!(ask(&app, "/read", Some(&key)).await.set_cookie(), None, "reading renews nothing");
    assert!(
        ask(&app, "/count", Some(&key)).await.set_cookie().unwrap().contains(&max_age(TWO_WEEKS))
    );
    site.clock.advance(Span::from_secs(TWO_WEEKS - 1));
    assert_eq!(ask(&app, "/read", Some(&key)).await.body, "x,n");
    site.clock.advance(Span::from_secs(1));
    assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie());
}

/// Promise 8
async fn a_session_until_the_browser_closes_has_no_max_age<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, setting(Expiry::AtBrowserClose));
    let answer = ask(&app, "/", None).await;
    let cookie = answer.set_cookie().unwrap();
    assert!(!cookie.contains("Max-Age") && !cookie.contains("expires"), "{cookie}");
    let key = answer.key().unwrap();
    // The server keeps it as long as any other.
    site.clock.advance(Span::from_secs(TWO_WEEKS - 1));
    assert!(ask(&app, "/read", Some(&key)).await.body.contains("_session_expiry"));
    site.clock.advance(Span::from_secs(1));
    assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie());
}

/// Promise 8
async fn sliding_seconds_count_from_each_change<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, setting(Expiry::Sliding(Span::from_secs(300))));
    let answer = ask(&app, "/", None).await;
    assert!(answer.set_cookie().unwrap().contains(&max_age(300)));
    let key = answer.key().unwrap();
    for _ in 0..3 {
        site.clock.advance(Span::from_secs(200));
        let cookie = ask(&app, "/count", Some(&key)).await;
        assert!(cookie.set_cookie().unwrap().contains(&max_age(300)));
    }
    site.clock.advance(Span::from_secs(200));
    assert_eq!(ask(&app, "/read", Some(&key)).await.set_cookie(), None);
    site.clock.advance(Span::from_secs(100));
    assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie());
}

/// Promise 8
async fn a_span_and_a_date_do_not_slide<S: Rows>(store: S) {
    let site = Site::new(store);
    let begun = site.clock.now();
    // The date has no fraction, unlike the time: what is left of the last second is no second.
    let date = Timestamp::from_secs(begun.as_secs() + 300);
    for (expiry, ages) in
        [(Expiry::In(Span::from_secs(300)), [300, 100]), (Expiry::At(date), [299, 99])]
    {
        site.clock.set(begun);
        let app = app(&site, setting(expiry));
        let answer = ask(&app, "/", None).await;
        assert!(answer.set_cookie().unwrap().contains(&max_age(ages[0])), "{expiry:?}");
        let key = answer.key().unwrap();
        site.clock.advance(Span::from_secs(200));
        let answer = ask(&app, "/count", Some(&key)).await;
        assert!(answer.set_cookie().unwrap().contains(&max_age(ages[1])), "{expiry:?}");
        site.clock.advance(Span::from_secs(100));
        assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie(), "{expiry:?}");
    }
}

/// Promise 8
async fn a_negative_age_ends_the_session_at_once<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, setting(Expiry::Sliding(Span::from_secs(-60))));
    let known = site.stored(r#"{"a":1}"#).await;
    for key in [None, Some(&known)] {
        let answer = ask(&app, "/", key).await;
        let cookie = answer.set_cookie().unwrap();
        assert!(cookie.contains(&max_age(-60)), "{cookie}");
        assert!(cookie.contains("; expires=Tue, 14 Nov 2023 22:12:20 GMT;"), "{cookie}");
        assert_eq!(site.data(&answer.key().unwrap()).await, None);
    }
}

/// Promise 5
async fn max_age_is_that_of_the_session_as_it_was_stored<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let others = app(&site, setting(Expiry::Sliding(Span::from_secs(60))));
    let page = {
        let key = key.clone();
        move |session: Session| {
            let (others, key) = (others.clone(), key.clone());
            async move {
                session.insert("x", &1).unwrap();
                assert_eq!(session.expiry_age(), Span::from_secs(TWO_WEEKS), "as it was loaded");
                assert_eq!(ask(&others, "/", Some(&key)).await.status, 200);
            }
        }
    };
    let answer = ask(&app(&site, Router::new().route("/", get(page))), "/", Some(&key)).await;
    assert!(answer.set_cookie().unwrap().contains(&max_age(60)), "{:?}", answer.set_cookie());
    site.clock.advance(Span::from_secs(60));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn an_expired_session_is_absent_and_its_cookie_removed<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    for path in ["/read", "/logout", "/set"] {
        let key = site.stored(r#"{"a":1}"#).await;
        site.clock.advance(Span::from_secs(TWO_WEEKS));
        let answer = ask(&app, path, Some(&key)).await;
        assert!(!answer.body.contains('a'));
        match path {
            "/set" => assert_ne!(answer.key().unwrap(), key),
            _ => assert!(answer.removes_the_cookie(), "{path}"),
        }
        assert_eq!(site.data(&key).await, None);
    }
}

mod clearing {
    use super::*;

    on_each_store_that_clears!(std::convert::identity, clearing_removes_the_expired_and_no_others);
}

async fn clearing_removes_the_expired_and_no_others<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, setting(Expiry::Sliding(Span::from_secs(60))));
    for _ in 0..30 {
        assert!(ask(&app, "/", None).await.key().is_some());
    }
    let mut kept = Vec::new();
    for _ in 0..20 {
        kept.push(ask(&app, "/set", None).await.key().unwrap());
    }
    assert_eq!(site.manager.clear_expired().await.unwrap(), 0);
    // Django's rule: what ends now is expired, and cleared a moment later.
    site.clock.advance(Span::from_secs(61));
    assert_eq!(site.manager.clear_expired().await.unwrap(), 30);
    for key in &kept {
        assert_eq!(ask(&app, "/read", Some(key)).await.body, "x");
    }
    assert_eq!(site.faults.store().drain().await, 20);
}
