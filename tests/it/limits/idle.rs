//! A session ends that nobody looks at.

use lodger_core::{SessionStore, Span};
use lodger_tests::site::Site;

use super::site::{IDLE, limits, max_age};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

on_every_store!(
    a_session_ends_when_nobody_looked_at_it_for_so_long,
    reading_a_session_renews_it_when_a_tenth_has_passed,
    a_session_that_no_handler_looks_at_is_not_renewed,
    every_save_renews_the_idle_limit,
    reading_does_not_outlast_the_age_since_the_last_save,
    save_every_request_renews_the_untouched_each_time,
);

/// Promise 8
async fn a_session_ends_when_nobody_looked_at_it_for_so_long<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let first = ask(&app, "/set", None).await;
    assert_eq!(max_age(first.set_cookie()), Some(IDLE));
    let key = first.key().unwrap();
    site.clock.advance(Span::from_secs(IDLE - 1));
    assert!(site.data(&key).await.is_some());
    site.clock.advance(Span::from_secs(1));
    assert_eq!(site.data(&key).await, None);
    assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie());
    assert_ne!(ask(&app, "/set", Some(&key)).await.key().unwrap(), key);
}

/// Promise 8
async fn reading_a_session_renews_it_when_a_tenth_has_passed<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    for _ in 0..3 {
        for (after, due) in [(59, false), (1, true), (0, false)] {
            site.clock.advance(Span::from_secs(after));
            site.spy.reset();
            let answer = ask(&app, "/read", Some(&key)).await;
            assert_eq!((answer.status, &*answer.body), (200, "a"));
            assert!(answer.varies());
            assert_eq!(max_age(answer.set_cookie()), due.then_some(IDLE));
            let calls = site.spy.calls();
            assert_eq!((calls.load, calls.touch), (1, u64::from(due)));
            assert_eq!(calls.total(), 1 + u64::from(due), "round trips");
        }
    }
    site.clock.advance(Span::from_secs(IDLE - 1));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    site.clock.advance(Span::from_secs(1));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_session_that_no_handler_looks_at_is_not_renewed<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(IDLE - 1));
    for (path, calls) in [("/untouched", 0), ("/loaded", 1)] {
        let answer = ask(&app, path, Some(&key)).await;
        assert_eq!(answer.set_cookie(), None, "{path}");
        assert_eq!(site.spy.calls().total(), calls, "{path}");
    }
    site.clock.advance(Span::from_secs(1));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn every_save_renews_the_idle_limit<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let mut key = site.stored(r#"{"a":1}"#).await;
    for path in ["/set", "/clear", "/mark", "/save", "/cycle", "/count"] {
        site.clock.advance(Span::from_secs(IDLE - 2));
        let answer = ask(&app, path, Some(&key)).await;
        key = answer.key().unwrap_or(key);
        site.clock.advance(Span::from_secs(1));
        assert_eq!(ask(&app, "/read", Some(&key)).await.set_cookie(), None, "{path}");
        assert!(site.data(&key).await.is_some(), "{path}");
    }
}

/// Promise 8
async fn reading_does_not_outlast_the_age_since_the_last_save<S: SessionStore>(store: S) {
    let mut settings = limits(IDLE, None);
    settings.cookie_age = Span::from_secs(3600);
    // The file store counts from the end by its own `cookie_age`, which is the default.
    let site = Site::with_settings(store, settings);
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    for step in 1..12 {
        site.clock.advance(Span::from_secs(300));
        let answer = ask(&app, "/read", Some(&key)).await;
        assert_eq!(answer.body, "a", "after {step} steps");
        // The time of the save is known to the second.
        let left = (3600 - 300 * step - 1).min(IDLE);
        assert_eq!(max_age(answer.set_cookie()), (step < 11).then_some(left), "{step}");
    }
    site.clock.advance(Span::from_secs(300));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn save_every_request_renews_the_untouched_each_time<S: SessionStore>(store: S) {
    let mut settings = limits(IDLE, None);
    settings.save_every_request = true;
    let site = Site::with_settings(store, settings);
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    for path in ["/untouched", "/read"] {
        site.clock.advance(Span::from_secs(1));
        site.spy.reset();
        let answer = ask(&app, path, Some(&key)).await;
        assert_eq!(max_age(answer.set_cookie()), Some(IDLE), "{path}");
        assert_eq!((site.spy.calls().touch, site.spy.calls().writes()), (1, 1), "{path}");
    }
    site.clock.advance(Span::from_secs(IDLE - 1));
    assert!(site.data(&key).await.is_some());
}
