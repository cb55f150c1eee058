//! Changing the key leaves one live key.

use lodger_core::{CommitError, SessionKey, SessionStore};
use lodger_tests::site::Site;

on_every_store!(
    after_a_cycle_the_old_key_is_dead,
    a_cycle_keeps_what_others_saved_before_it,
    a_save_that_comes_after_a_cycle_finds_the_session_gone,
    of_two_cycles_one_wins,
    cycles_among_saves_leave_one_live_key,
);

/// Promise 6
async fn after_a_cycle_the_old_key_is_dead<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&old)).await;
    visit.cycle_key().unwrap();
    assert_eq!(visit.session_key(), Some(old.clone()), "the key changes with the commit");
    let new = visit.end_with_key().await.unwrap();
    assert_ne!(new, old);
    assert_eq!(visit.session_key(), Some(new.clone()));
    assert_eq!(site.data(&old).await, None);
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1}"#);
}

/// Promise 5
async fn a_cycle_keeps_what_others_saved_before_it<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let login = site.visit(Some(&old)).await;
    let other = site.visit(Some(&old)).await;
    other.insert("basket", "full").unwrap();
    other.end().await.unwrap();
    login.insert("user", &7).unwrap();
    login.cycle_key().unwrap();
    let new = login.end_with_key().await.unwrap();
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1,"basket":"full","user":7}"#);
}

/// Promise 6
async fn a_save_that_comes_after_a_cycle_finds_the_session_gone<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let old = site.stored(r#"{"a":1}"#).await;
    let late = site.visit(Some(&old)).await;
    let login = site.visit(Some(&old)).await;
    login.cycle_key().unwrap();
    let new = login.end_with_key().await.unwrap();
    late.insert("late", &true).unwrap();
    assert!(matches!(late.end().await, Err(CommitError::Gone(_))));
    assert_eq!(site.data(&old).await, None);
    assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1}"#);
}

/// Promise 6
async fn of_two_cycles_one_wins<S: SessionStore>(store: S) {
    let site = Site::new(store);
    for _ in 0..5 {
        let old = site.stored(r#"{"a":1}"#).await;
        let visits = [site.visit(Some(&old)).await, site.visit(Some(&old)).await];
        for visit in &visits {
            visit.cycle_key().unwrap();
        }
        let (first, second) = tokio::join!(visits[0].end(), visits[1].end());
        let (won, lost) = if first.is_ok() { (first, second) } else { (second, first) };
        assert!(matches!(lost, Err(CommitError::Gone(_))), "{lost:?}");
        let new = won.unwrap().unwrap().value.session_key(128).unwrap();
        assert!(site.data(&new).await.is_some());
        assert_eq!(site.data(&old).await, None);
    }
}

/// Promise 6
async fn cycles_among_saves_leave_one_live_key<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let old = site.stored(r#"{"n":0}"#).await;
    let mut visits = Vec::new();
    for _ in 0..24 {
        visits.push(site.visit(Some(&old)).await);
    }
    let mut tasks = Vec::new();
    for (number, visit) in visits.into_iter().enumerate() {
        tasks.push(tokio::spawn(async move {
            let cycles = number % 8 == 5;
            visit.increment("n", 1).unwrap();
            if cycles {
                visit.cycle_key().unwrap();
            }
            (cycles, visit.end().await)
        }));
    }
    let (mut saved, mut new) = (0, Vec::<SessionKey>::new());
    for task in tasks {
        match task.await.unwrap() {
            (cycles, Ok(cookie)) => {
                saved += 1;
                if cycles {
                    new.push(cookie.unwrap().value.session_key(128).unwrap());
                }
            }
            (_, Err(error)) => assert!(matches!(error, CommitError::Gone(_)), "{error:?}"),
        }
    }
    assert_eq!(new.len(), 1, "of three cycles one wins");
    assert_eq!(site.data(&old).await, None);
    let stored = site.field(&new[0], "n").await.unwrap();
    assert_eq!(stored, saved.to_string(), "what was acknowledged is what is stored");
}
