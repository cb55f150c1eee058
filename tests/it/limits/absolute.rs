//! A session ends so long after it began, whatever is done with it.

use lodger_core::{Clock, SessionStore, Span};
use lodger_tests::site::Site;

use super::site::{ABSOLUTE, IDLE, began, beside, limits, max_age};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

on_every_store!(
    neither_reading_nor_saving_moves_the_absolute_end,
    clearing_and_changing_the_key_keep_the_beginning,
    a_flush_begins_anew,
    a_tighter_limit_counts_at_once_and_a_looser_one_never,
    save_every_request_does_not_move_the_absolute_end,
);

/// Promise 8
async fn neither_reading_nor_saving_moves_the_absolute_end<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, ABSOLUTE));
    let app = app(&site, pages());
    for path in ["/read", "/count", "/cycle"] {
        let mut key = ask(&app, "/set", None).await.key().unwrap();
        for step in 1..12 {
            site.clock.advance(Span::from_secs(300));
            let answer = ask(&app, path, Some(&key)).await;
            assert!(answer.body.contains('x'), "{path} after {step} steps");
            key = answer.key().unwrap_or(key);
            // It began at a whole second.
            let left = (ABSOLUTE - 300 * step - 1).min(IDLE);
            let told = max_age(answer.set_cookie());
            // The last renewal has nothing to give.
            assert!(told == Some(left) || (told.is_none() && step == 11), "{path} {step} {told:?}");
        }
        site.clock.advance(Span::from_secs(300));
        assert_eq!(site.data(&key).await, None, "{path}");
        assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie(), "{path}");
        assert_ne!(ask(&app, "/set", Some(&key)).await.key().unwrap(), key, "{path}");
    }
}

/// Promise 8
async fn clearing_and_changing_the_key_keep_the_beginning<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(None, ABSOLUTE));
    let app = app(&site, pages());
    let begun = site.clock.now().as_secs();
    let mut key = site.stored(r#"{"a":1}"#).await;
    for path in ["/count", "/clear", "/cycle", "/remove", "/login", "/save"] {
        site.clock.advance(Span::from_secs(500));
        let answer = ask(&app, path, Some(&key)).await;
        assert!(!answer.body.contains("_lodger"), "{path}");
        key = answer.key().unwrap_or(key);
        assert_eq!(began(&site, &key).await, Some(begun), "{path}");
    }
    site.clock.advance(Span::from_secs(ABSOLUTE - 6 * 500));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_flush_begins_anew<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(None, ABSOLUTE));
    let app = app(&site, pages());
    let old = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(ABSOLUTE - 1));
    let new = ask(&app, "/logout_and_set", Some(&old)).await.key().unwrap();
    assert_eq!(began(&site, &new).await, Some(site.clock.now().as_secs()));
    site.clock.advance(Span::from_secs(ABSOLUTE - 1));
    assert!(site.data(&new).await.is_some());
}

/// Promise 8
async fn a_tighter_limit_counts_at_once_and_a_looser_one_never<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(None, ABSOLUTE));
    let tighter = beside(&site, limits(None, ABSOLUTE / 2));
    let looser = beside(&site, limits(None, ABSOLUTE * 2));
    let unlimited = beside(&site, limits(None, None));
    let key = site.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(ABSOLUTE / 2));
    assert_eq!(tighter.data(&key).await, None);
    for other in [&site, &looser, &unlimited] {
        let visit = other.visit(Some(&key)).await;
        visit.increment("n", 1).unwrap();
        visit.end().await.unwrap();
    }
    assert_eq!(tighter.data(&key).await, None, "nothing that others save brings it back there");
    site.clock.advance(Span::from_secs(ABSOLUTE / 2));
    for other in [&site, &looser, &unlimited] {
        assert_eq!(other.data(&key).await, None);
    }
}

/// Promise 8
async fn save_every_request_does_not_move_the_absolute_end<S: SessionStore>(store: S) {
    let mut settings = limits(IDLE, ABSOLUTE);
    settings.save_every_request = true;
    let site = Site::with_settings(store, settings);
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    for _ in 1..12 {
        site.clock.advance(Span::from_secs(300));
        assert!(ask(&app, "/untouched", Some(&key)).await.set_cookie().is_some());
    }
    site.clock.advance(Span::from_secs(300));
    assert_eq!(site.data(&key).await, None);
}
