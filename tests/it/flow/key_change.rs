//! Changing the key of a session.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use futures_util::future::join_all;
use lodger::axum::Session;
use lodger_testing::{Fault, Method};
use lodger_tests::site::Site;
use tokio::sync::Barrier;

use super::page::pages;
use super::rows::Rows;
use super::visitor::{Answer, app, ask};

on_the_rows_of_every_store!(
    a_login_changes_the_key_and_the_old_one_is_dead,
    a_change_of_key_is_dropped_on_a_server_error,
    the_new_key_is_known_only_when_it_is_stored,
    a_change_of_key_among_saves_leaves_one_session_with_all_that_was_acknowledged,
    of_two_changes_of_key_one_wins,
);

/// Promise 6
async fn a_login_changes_the_key_and_the_old_one_is_dead<S: Rows>(store: S) {
    let site = Site::new(store);
    let app = app(&site, pages());
    let old = site.stored(r#"{"a":1}"#).await;
    let new = ask(&app, "/login", Some(&old)).await.key().unwrap();
    assert_ne!(new, old);
    assert_eq!(site.data(&new).await.as_deref(), Some(r#"{"a":1,"user":"ada"}"#));
    let replayed = ask(&app, "/read", Some(&old)).await;
    assert!(replayed.body.is_empty() && replayed.removes_the_cookie());
    let planted = ask(&app, "/set", Some(&old)).await.key().unwrap();
    assert!(planted != old && planted != new, "nobody gets back in by the old key");
    assert_eq!(site.data(&old).await, None);
    assert_eq!(site.faults.store().drain().await, 2);
}

/// Promise 6
async fn a_change_of_key_is_dropped_on_a_server_error<S: Rows>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(&site, pages());
    for path in ["/cycle?status=500", "/login?status=503"] {
        assert_eq!(ask(&app, path, Some(&key)).await.set_cookie(), None);
        assert_eq!(site.data(&key).await.as_deref(), Some(r#"{"a":1}"#));
    }
    assert_eq!(site.faults.store().drain().await, 1);
}

/// Promise 6
async fn the_new_key_is_known_only_when_it_is_stored<S: Rows>(store: S) {
    let site = Site::new(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let page = {
        let old = old.clone();
        move |session: Session| {
            session.cycle_key().unwrap();
            let shown = session.session_key() == Some(old.clone());
            async move { shown.to_string() }
        }
    };
    let app = app(&site, Router::new().route("/", get(page)));
    site.faults.script(Method::Cycle, [Fault::Unavailable]);
    let failed = ask(&app, "/", Some(&old)).await;
    assert_eq!((failed.status, failed.set_cookie()), (503, None));
    assert_eq!(site.data(&old).await.as_deref(), Some(r#"{"a":1}"#));

    let answer = ask(&app, "/", Some(&old)).await;
    assert_eq!(answer.body, "true");
    let new = answer.key().unwrap();
    assert_eq!(site.data(&old).await, None);
    assert_eq!(site.data(&new).await.as_deref(), Some(r#"{"a":1}"#));
}

/// All of these are asked for at the same time, and wait for each other when they have loaded.
async fn together<S: Rows>(site: &Site<S>, deeds: &[String]) -> Vec<Answer> {
    let barrier = Arc::new(Barrier::new(deeds.len()));
    let page = move |session: Session, Path(deed): Path<String>| {
        let barrier = Arc::clone(&barrier);
        async move {
            barrier.wait().await;
            match deed.as_str() {
                "cycle" => session.cycle_key().unwrap(),
                field => session.insert(field, &1).unwrap(),
            }
        }
    };
    let key = site.stored(r#"{"a":1}"#).await;
    let app = app(site, Router::new().route("/{deed}", get(page)));
    let visits = deeds.iter().map(|deed| {
        let (app, key, path) = (app.clone(), key.clone(), format!("/{deed}"));
        tokio::spawn(async move { ask(&app, &path, Some(&key)).await })
    });
    let answers = join_all(visits).await.into_iter().map(Result::unwrap).collect();
    assert_eq!(site.data(&key).await, None, "the old key is dead");
    answers
}

/// Promise 6
async fn a_change_of_key_among_saves_leaves_one_session_with_all_that_was_acknowledged<S: Rows>(
    store: S,
) {
    let site = Site::new(store);
    for _ in 0..5 {
        let deeds: Vec<String> =
            (0..8).map(|n| if n == 4 { "cycle".into() } else { format!("field{n}") }).collect();
        let answers = together(&site, &deeds).await;
        let new = answers[4].key().expect("nobody ended the session, so the change succeeds");
        let data = site.manager.find(&new).await.unwrap().unwrap();
        for (deed, answer) in deeds.iter().zip(&answers).filter(|(deed, _)| *deed != "cycle") {
            assert!(matches!(answer.status, 200 | 400), "{}", answer.status);
            assert_eq!(data.contains(deed), answer.status == 200, "{deed}");
            assert_eq!(answer.set_cookie().is_some(), answer.status == 200, "{deed}");
        }
        assert_eq!(site.faults.store().drain().await, 1);
    }
}

/// Promise 6
async fn of_two_changes_of_key_one_wins<S: Rows>(store: S) {
    let site = Site::new(store);
    let answers = together(&site, &["cycle".to_owned(), "cycle".to_owned()]).await;
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 400]);
    let keys: Vec<_> = answers.iter().filter_map(Answer::key).collect();
    assert_eq!(keys.len(), 1);
    assert_eq!(site.data(&keys[0]).await.as_deref(), Some(r#"{"a":1}"#));
    assert_eq!(site.faults.store().drain().await, 1);
}
