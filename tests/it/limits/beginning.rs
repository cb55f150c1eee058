//! Sessions from before there was a limit, and those whose beginning others broke.

use lodger_core::{Clock, SessionStore, Span};
use lodger_tests::site::{Site, dict};

use super::site::{ABSOLUTE, IDLE, began, beside, limits};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

on_every_store!(
    nothing_is_reserved_where_no_absolute_limit_is_set,
    a_session_without_a_beginning_gets_one_with_its_first_write,
    a_session_without_a_beginning_gets_one_with_its_first_due_touch,
    of_two_first_writes_the_earlier_beginning_stands,
);

async fn nothing_is_reserved_where_no_absolute_limit_is_set<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let app = app(&site, pages());
    let mut key = ask(&app, "/set", None).await.key().unwrap();
    for path in ["/count", "/cycle", "/read", "/clear"] {
        site.clock.advance(Span::from_secs(100));
        key = ask(&app, path, Some(&key)).await.key().unwrap_or(key);
        assert!(!site.data(&key).await.unwrap().contains("_lodger"), "{path}");
    }
}

/// Promise 8
async fn a_session_without_a_beginning_gets_one_with_its_first_write<S: SessionStore>(store: S) {
    let before = Site::new(store);
    let site = beside(&before, limits(None, ABSOLUTE));
    let app = app(&site, pages());
    let key = before.stored(r#"{"a":1}"#).await;
    site.clock.advance(Span::from_secs(86_400));
    let answer = ask(&app, "/read", Some(&key)).await;
    assert_eq!((&*answer.body, answer.set_cookie()), ("a", None));
    assert_eq!(site.spy.calls().total(), 1, "a mere read writes nothing");
    assert_eq!(began(&site, &key).await, None);
    ask(&app, "/count", Some(&key)).await;
    assert_eq!(began(&site, &key).await, Some(site.clock.now().as_secs()));
    assert_eq!(
        site.field(&key, "_lodger").await.map(|held| dict(&held).get("absolute").unwrap()),
        Some(Some(ABSOLUTE))
    );
    site.clock.advance(Span::from_secs(ABSOLUTE));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_session_without_a_beginning_gets_one_with_its_first_due_touch<S: SessionStore>(
    store: S,
) {
    let before = Site::with_settings(store, limits(IDLE, None));
    let site = beside(&before, limits(IDLE, ABSOLUTE));
    let app = app(&site, pages());
    let key = before.stored(r#"{"a":1}"#).await;
    for (after, swaps) in [(59, 0), (1, 1), (60, 0)] {
        site.clock.advance(Span::from_secs(after));
        site.spy.reset();
        let answer = ask(&app, "/read", Some(&key)).await;
        let calls = site.spy.calls();
        assert_eq!((&*answer.body, calls.swap), ("a", swaps), "{after}");
        assert_eq!(answer.set_cookie().is_some(), calls.writes() > 0);
        assert_eq!(calls.touch, u64::from(after == 60), "a touch once it has begun");
    }
    assert_eq!(began(&site, &key).await, Some(site.clock.now().as_secs() - 60));
    assert_eq!(before.spy.calls().create, 0);
}

/// Promise 5
async fn of_two_first_writes_the_earlier_beginning_stands<S: SessionStore>(store: S) {
    let before = Site::new(store);
    let site = beside(&before, limits(None, ABSOLUTE));
    let key = before.stored(r#"{"a":1}"#).await;
    let (first, second) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    let begun = site.clock.now().as_secs();
    first.insert("b", &2).unwrap();
    second.insert("c", &3).unwrap();
    first.end().await.unwrap();
    site.clock.advance(Span::from_secs(100));
    second.end().await.unwrap();
    assert_eq!(began(&site, &key).await, Some(begun));
    assert_eq!(site.field(&key, "b").await.as_deref(), Some("2"));
    assert_eq!(site.field(&key, "c").await.as_deref(), Some("3"));
}
