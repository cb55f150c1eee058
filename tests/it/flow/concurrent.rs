//! Requests on one session at the same time.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use futures_util::future::join_all;
use lodger::axum::{Session, SessionLayer};
use lodger_backends::memory::MemoryStore;
use lodger_core::{Limits, SessionKey, SessionStore, Settings};
use lodger_manager::SessionManager;
use lodger_tests::site::{SECRET_KEY, Site, codec};
use tokio::sync::Barrier;

use super::blind_store::BlindStore;
use super::visitor::{app, ask};

on_every_store!(
    two_requests_that_both_loaded_first_both_survive,
    thirty_two_of_thirty_two_changes_survive,
    changes_from_two_processes_all_survive,
    a_thousand_increments_add_up_to_a_thousand,
);

/// With time enough for many at once on a busy machine.
fn patient() -> Settings {
    let mut settings = Settings::default();
    settings.limits.store_call = Duration::from_secs(60);
    settings.limits.commit = Duration::from_secs(120);
    settings
}

/// `/{field}` waits until so many have loaded their session, then sets a field and counts.
fn meeting(size: usize) -> Router {
    let barrier = Arc::new(Barrier::new(size));
    let page = move |session: Session, Path(field): Path<String>| {
        let barrier = Arc::clone(&barrier);
        async move {
            let seen = session.keys().join(",");
            barrier.wait().await;
            session.insert(&field, &1).unwrap();
            session.increment("all", 1).unwrap();
            seen
        }
    };
    Router::new().route("/{field}", get(page))
}

/// The same site in another process: a manager that shares nothing but the store.
fn another_process<S: SessionStore>(site: &Site<S>, pages: Router) -> Router {
    let manager = SessionManager::builder(site.spy.clone(), codec(SECRET_KEY, Limits::default()))
        .with_clock(site.clock.clone())
        .with_settings(patient());
    pages.layer(SessionLayer::new(Arc::new(manager.build().unwrap())))
}

/// So many visits at the same time, by turns to each of the processes. Each is answered with what it
/// saw before any of them was stored.
async fn visit_all(processes: &[Router], key: &SessionKey, size: usize) {
    let visits = (0..size).map(|number| {
        let (app, key) = (processes[number % processes.len()].clone(), key.clone());
        tokio::spawn(async move { ask(&app, &format!("/field{number}"), Some(&key)).await })
    });
    for answer in join_all(visits).await {
        let answer = answer.unwrap();
        assert_eq!((answer.status, answer.body.as_str()), (200, "a"));
        assert_eq!(answer.key().as_ref(), Some(key));
    }
}

/// How many of the fields are stored, and what the count says.
async fn survivors<S: SessionStore>(site: &Site<S>, key: &SessionKey, size: usize) -> (usize, i64) {
    let data = site.manager.find(key).await.unwrap().unwrap();
    assert!(data.contains("a"), "what was there before stays");
    let fields = (0..size).filter(|number| data.contains(&format!("field{number}"))).count();
    (fields, data.get("all").unwrap().unwrap())
}

/// Promise 5
async fn two_requests_that_both_loaded_first_both_survive<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, patient());
    let key = site.stored(r#"{"a":1}"#).await;
    visit_all(&[app(&site, meeting(2))], &key, 2).await;
    assert_eq!(survivors(&site, &key, 2).await, (2, 2));
}

/// Promise 5
async fn thirty_two_of_thirty_two_changes_survive<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, patient());
    let key = site.stored(r#"{"a":1}"#).await;
    visit_all(&[app(&site, meeting(32))], &key, 32).await;
    assert_eq!(survivors(&site, &key, 32).await, (32, 32));
}

/// Promise 5
async fn changes_from_two_processes_all_survive<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, patient());
    let key = site.stored(r#"{"a":1}"#).await;
    let pages = meeting(32);
    let processes = [app(&site, pages.clone()), another_process(&site, pages)];
    visit_all(&processes, &key, 32).await;
    assert_eq!(survivors(&site, &key, 32).await, (32, 32));
}

/// Promise 5
async fn a_thousand_increments_add_up_to_a_thousand<S: SessionStore>(store: S) {
    let site = Site::with_settings(store, patient());
    let key = site.stored(r#"{"a":1}"#).await;
    let barrier = Arc::new(Barrier::new(1000));
    let page = move |session: Session| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            session.increment("n", 1).unwrap().to_string()
        }
    };
    let app = app(&site, Router::new().route("/", get(page)));
    let visits = (0..1000).map(|_| {
        let (app, key) = (app.clone(), key.clone());
        tokio::spawn(async move { ask(&app, "/", Some(&key)).await.status })
    });
    let answers: Vec<u16> = join_all(visits).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|status| *status == 200), "{answers:?}");
    assert_eq!(site.field(&key, "n").await.as_deref(), Some("1000"));
}

/// What the tests above would see of a store that writes whatever is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_ignores_versions_is_seen_to_lose_an_update() {
    let site = Site::with_settings(BlindStore(MemoryStore::default()), patient());
    let key = site.stored(r#"{"a":1}"#).await;
    let pages = meeting(2);
    let processes = [app(&site, pages.clone()), another_process(&site, pages)];
    visit_all(&processes, &key, 2).await;
    assert_eq!(survivors(&site, &key, 2).await, (1, 1));
}
