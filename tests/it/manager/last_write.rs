//! `OnConflict::LastWriteWins`: the whole document replaces what is stored, as in Django.

use lodger_core::{CommitError, OnConflict, SessionInterrupted, SessionStore, Settings};
use lodger_tests::site::{Site, Visit};

on_every_store!(
    the_last_document_wins_whole,
    a_change_of_key_takes_its_own_document_along,
    a_mere_renewal_keeps_what_others_changed,
    of_concurrent_documents_one_is_stored_whole,
    what_was_ended_stays_ended,
    of_two_changes_of_key_one_wins,
);

fn site<S: SessionStore>(store: S) -> Site<S> {
    let mut settings = Settings::default();
    settings.on_conflict = OnConflict::LastWriteWins;
    Site::with_settings(store, settings)
}

/// Promise 5
async fn the_last_document_wins_whole<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"start":0,"n":1}"#).await;
    let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    early.insert("early", &1).unwrap();
    early.remove("start").unwrap();
    early.insert("n", "no number").unwrap();
    early.end().await.unwrap();
    late.insert("late", &1).unwrap();
    late.increment("n", 1).unwrap();
    assert_eq!(late.end_with_key().await, Some(key.clone()));
    let stored = r#"{"start":0,"n":2,"late":1}"#;
    assert_eq!(site.data(&key).await.unwrap(), stored, "as the handler saw it");
}

/// Promise 5
async fn a_change_of_key_takes_its_own_document_along<S: SessionStore>(store: S) {
    let site = site(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let (login, other) = (site.visit(Some(&old)).await, site.visit(Some(&old)).await);
    other.insert("basket", "full").unwrap();
    other.end().await.unwrap();
    login.insert("user", &7).unwrap();
    login.cycle_key().unwrap();
    let new = login.end_with_key().await.unwrap();
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1,"user":7}"#);
    assert_eq!(site.data(&old).await, None);
}

/// Promise 5
async fn a_mere_renewal_keeps_what_others_changed<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let (renewing, other) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    other.insert("a", &2).unwrap();
    other.end().await.unwrap();
    assert!(renewing.request.commit(true).await.unwrap().is_some());
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":2}"#);
}

/// Promise 5
async fn of_concurrent_documents_one_is_stored_whole<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"start":0}"#).await;
    let mut visits = Vec::new();
    for number in 0..10 {
        let visit = site.visit(Some(&key)).await;
        visit.insert(&format!("field{number}"), &number).unwrap();
        visits.push(visit);
    }
    let end = |visit: Visit| tokio::spawn(async move { visit.end_with_key().await });
    let tasks: Vec<_> = visits.into_iter().map(end).collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), Some(key.clone()), "each is acknowledged");
    }
    let stored = site.manager.find(&key).await.unwrap().unwrap();
    assert_eq!(stored.len(), 2, "{stored:?}");
}

/// Promise 4
async fn what_was_ended_stays_ended<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    let renewing = site.visit(Some(&key)).await;
    let other = site.visit(Some(&key)).await;
    other.insert("a", &2).unwrap();
    other.end().await.unwrap();
    assert!(site.manager.revoke(&key).await.unwrap());
    visits[0].insert("a", &3).unwrap();
    visits[1].cycle_key().unwrap();
    for visit in visits {
        assert_eq!(visit.end().await, Err(SessionInterrupted.into()));
    }
    assert_eq!(renewing.request.commit(true).await, Ok(None));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 6
async fn of_two_changes_of_key_one_wins<S: SessionStore>(store: S) {
    let site = site(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let visits = [site.visit(Some(&old)).await, site.visit(Some(&old)).await];
    for visit in &visits {
        visit.cycle_key().unwrap();
    }
    let (first, second) = tokio::join!(visits[0].end(), visits[1].end());
    let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
    assert!(matches!(lost, Err(CommitError::Gone(_))), "{lost:?}");
    let new = won.unwrap().unwrap().value.session_key(128).unwrap();
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1}"#);
    assert_eq!(site.data(&old).await, None);
}
