//! A writer who knows of no limits has moved the end of a session.

use lodger_core::{CommitError, SessionStore, Span};
use lodger_tests::site::Site;

use super::site::{ABSOLUTE, IDLE, limits, max_age, move_end};
use crate::flow::page::pages;
use crate::flow::visitor::{app, ask};

on_every_store!(
    reading_brings_an_end_beyond_the_idle_limit_back,
    a_session_past_its_absolute_end_is_absent_whatever_the_store_says,
    nothing_that_is_under_way_revives_a_session_past_its_absolute_end,
);

const YEAR: i64 = 365 * 86_400;

/// Promise 8
async fn reading_brings_an_end_beyond_the_idle_limit_back<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, limits(IDLE, None));
    let key = site.stored(r#"{"a":1}"#).await;
    move_end(&site, &key, YEAR).await;
    let answer = ask(&app(&site, pages()), "/read", Some(&key)).await;
    assert_eq!(max_age(answer.set_cookie()), Some(IDLE));
    site.clock.advance(Span::from_secs(IDLE));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 8
async fn a_session_past_its_absolute_end_is_absent_whatever_the_store_says<S: SessionStore>(
    store: S,
) {
    let site = Site::with_settings(store, limits(None, ABSOLUTE));
    let app = app(&site, pages());
    let key = site.stored(r#"{"a":1}"#).await;
    move_end(&site, &key, YEAR).await;
    site.clock.advance(Span::from_secs(ABSOLUTE - 1));
    assert!(site.data(&key).await.is_some());
    site.clock.advance(Span::from_secs(1));
    assert_eq!(site.data(&key).await, None);
    assert!(ask(&app, "/read", Some(&key)).await.removes_the_cookie());
    let answer = ask(&app, "/set", Some(&key)).await;
    assert_eq!(answer.body, "x");
    assert_ne!(answer.key().unwrap(), key);
    assert_eq!(site.data(&key).await, None);
}

/// Promise 4
async fn nothing_that_is_under_way_revives_a_session_past_its_absolute_end<S: SessionStore>(
    store: S,
) {
    let site = Site::with_settings(store, limits(IDLE, ABSOLUTE));
    let key = site.stored(r#"{"a":1}"#).await;
    move_end(&site, &key, YEAR).await;
    let visits = [
        site.visit(Some(&key)).await,
        site.visit(Some(&key)).await,
        site.visit(Some(&key)).await,
        site.visit(Some(&key)).await,
    ];
    let [changing, cycling, saving, reading] = &visits;
    changing.insert("b", &2).unwrap();
    cycling.cycle_key().unwrap();
    assert!(reading.contains("a"));
    site.clock.advance(Span::from_secs(ABSOLUTE));
    site.spy.reset();
    for visit in [changing, cycling] {
        assert!(matches!(visit.end().await, Err(CommitError::Gone(_))));
    }
    assert!(matches!(saving.save().await, Err(CommitError::Gone(_))));
    assert_eq!(reading.request.touch().await.unwrap(), None);
    assert_eq!(site.spy.calls().writes(), 0);
    assert_eq!(site.data(&key).await, None);
}
