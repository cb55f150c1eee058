//! `OnConflict::Strict`: what was made for other data is refused.

use lodger_backends::memory::MemoryStore;
use lodger_codec::PickleCodec;
use lodger_core::{
    CommitError, Limits, OnConflict, SessionConflict, SessionInterrupted, SessionStore, Settings,
};
use lodger_testing::{Fault, Method, SpyStore};
use lodger_tests::cache::over_cached_db;
use lodger_tests::site::{Site, Visit};

on_every_store!(
    a_change_of_what_others_changed_is_refused_until_it_is_loaded_again,
    a_change_of_what_nobody_changed_is_stored,
    a_change_of_key_of_what_others_changed_is_refused,
    a_mere_renewal_never_conflicts,
    of_concurrent_changes_one_is_stored,
    changes_that_are_made_again_add_up,
    what_was_ended_is_gone_and_no_conflict,
);

const CHANGED: Result<(), CommitError> = Err(CommitError::Conflict(SessionConflict::Changed));

fn settings() -> Settings {
    let mut settings = Settings::default();
    settings.on_conflict = OnConflict::Strict;
    settings
}

fn site<S: SessionStore>(store: S) -> Site<S> {
    Site::with_settings(store, settings())
}

/// Ends a visit, whatever its cookie.
async fn end(visit: &Visit) -> Result<(), CommitError> {
    visit.end().await.map(|_| ())
}

/// Promise 5
async fn a_change_of_what_others_changed_is_refused_until_it_is_loaded_again<S: SessionStore>(
    store: S,
) {
    let site = site(store);
    let key = site.stored(r#"{"start":0}"#).await;
    let (late, early) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    early.insert("early", &1).unwrap();
    early.end().await.unwrap();
    // Not even where another field was changed.
    late.insert("late", &1).unwrap();
    assert_eq!(late.save().await, CHANGED);
    assert!(!late.contains("late"), "what conflicts is dropped");
    late.insert("late", &2).unwrap();
    assert_eq!(late.save().await, CHANGED, "the handler has not seen what is stored");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"start":0,"early":1}"#);

    late.reload().await.unwrap();
    assert_eq!(late.get::<i64>("early").unwrap(), Some(1));
    late.insert("late", &3).unwrap();
    assert_eq!(late.end_with_key().await, Some(key.clone()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"start":0,"early":1,"late":3}"#);
}

/// Promise 5
async fn a_change_of_what_nobody_changed_is_stored<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"n":0}"#).await;
    let (visit, renewing) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    for _ in 0..3 {
        visit.increment("n", 1).unwrap();
        visit.save().await.unwrap();
    }
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":3}"#);
    // Who only renews it changes nothing, though a store may count it as another version.
    let visit = site.visit(Some(&key)).await;
    assert!(renewing.request.commit(true).await.is_ok());
    assert!(site.visit(Some(&key)).await.request.commit(true).await.unwrap().is_some());
    visit.increment("n", 1).unwrap();
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":4}"#);
}

/// Promise 5
async fn a_change_of_key_of_what_others_changed_is_refused<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let (login, other) = (site.visit(Some(&key)).await, site.visit(Some(&key)).await);
    other.insert("basket", "full").unwrap();
    other.end().await.unwrap();
    login.cycle_key().unwrap();
    assert_eq!(end(&login).await, CHANGED);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1,"basket":"full"}"#);
    // And of two changes of key one wins.
    let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    for visit in &visits {
        visit.cycle_key().unwrap();
    }
    let (first, second) = tokio::join!(visits[0].end(), visits[1].end());
    let lost = if first.is_ok() { second } else { first };
    assert_eq!(lost, Err(SessionInterrupted.into()));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 5
async fn a_mere_renewal_never_conflicts<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    let other = site.visit(Some(&key)).await;
    other.insert("a", &2).unwrap();
    other.end().await.unwrap();
    // With the response, and asked for by the handler: others have renewed it with their change.
    assert_eq!(visits[0].request.commit(true).await, Ok(None));
    assert_eq!(visits[1].save().await, Ok(()));
    assert_eq!(visits[1].get::<i64>("a").unwrap(), Some(1), "the handler has seen this");
    visits[1].insert("b", &1).unwrap();
    assert_eq!(end(&visits[1]).await, CHANGED);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":2}"#);
}

/// Promise 5
async fn of_concurrent_changes_one_is_stored<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":0}"#).await;
    let mut visits = Vec::new();
    for number in 1..=20 {
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &number).unwrap();
        visits.push((number, visit));
    }
    let end = |(number, visit)| tokio::spawn(async move { (number, end(&visit).await) });
    let tasks: Vec<_> = visits.into_iter().map(end).collect();
    let mut stored = Vec::new();
    for task in tasks {
        match task.await.unwrap() {
            (number, Ok(())) => stored.push(number),
            (_, refused) => assert_eq!(refused, CHANGED),
        }
    }
    assert_eq!(stored.len(), 1);
    assert_eq!(site.data(&key).await.unwrap(), format!(r#"{{"a":{}}}"#, stored[0]));
}

/// Promise 5
async fn changes_that_are_made_again_add_up<S: SessionStore>(store: S) {
    let store = SpyStore::new(store);
    let sites: Vec<_> = (0..2).map(|_| site(store.clone())).collect();
    let key = sites[0].stored(r#"{"n":0}"#).await;
    let mut tasks = Vec::new();
    for number in 0..8 {
        let visit = sites[number % 2].visit(Some(&key)).await;
        tasks.push(tokio::spawn(async move {
            loop {
                // Read, and then written: nothing that could be merged.
                let held: i64 = visit.get("n").unwrap().unwrap();
                visit.insert("n", &(held + 1)).unwrap();
                match visit.save().await {
                    Ok(()) => break,
                    refused => assert_eq!(refused, CHANGED),
                }
                visit.reload().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(sites[1].data(&key).await.unwrap(), r#"{"n":8}"#);
}

/// Promise 3
async fn what_was_ended_is_gone_and_no_conflict<S: SessionStore>(store: S) {
    let site = site(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    assert!(site.manager.revoke(&key).await.unwrap());
    visits[0].insert("a", &2).unwrap();
    visits[1].cycle_key().unwrap();
    for visit in &visits[..2] {
        assert_eq!(end(visit).await, Err(SessionInterrupted.into()));
    }
    visits[2].reload().await.unwrap();
    assert!(visits[2].fields().is_empty());
    visits[2].insert("a", &2).unwrap();
    assert_eq!(end(&visits[2]).await, Err(SessionInterrupted.into()));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 5
#[tokio::test(start_paused = true)]
async fn nothing_waits_to_be_stored_with_another_change() {
    let site = site(MemoryStore::default());
    let key = site.stored(r#"{"n":0}"#).await;
    site.faults.script(Method::Swap, [Fault::Slow(std::time::Duration::from_millis(100))]);
    let mut visits = Vec::new();
    for _ in 0..5 {
        visits.push(site.visit(Some(&key)).await);
    }
    let mut tasks = Vec::new();
    for visit in visits {
        visit.increment("n", 1).unwrap();
        tasks.push(tokio::spawn(async move { end(&visit).await }));
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
    for (number, task) in tasks.into_iter().enumerate() {
        let expected = if number == 0 { Ok(()) } else { CHANGED };
        assert_eq!(task.await.unwrap(), expected);
    }
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1}"#);
    assert_eq!(site.spy.calls().swap, 5, "each stands on its own");
}

/// A copy as Django keeps it says not of which row it is: the row's data decide.
/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn what_came_from_a_copy_without_a_version_is_compared() {
    over_cached_db(|store| async move {
        let store = store.with_django(PickleCodec::new(Limits::default()));
        let site = site(store);
        let key = site.stored(r#"{"a":[1,2.5,"\u00e4"]}"#).await;
        assert!(site.data(&key).await.is_some(), "the copy is made");
        let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
        for visit in &visits {
            visit.insert("b", &1).unwrap();
        }
        assert_eq!(end(&visits[0]).await, Ok(()));
        assert_eq!(end(&visits[1]).await, CHANGED);
        let stored = site.data(&key).await.unwrap();
        assert_eq!(stored, r#"{"a":[1,2.5,"\u00e4"],"b":1}"#);
    })
    .await;
}

#[tokio::test]
async fn a_reload_forgets_what_was_not_saved_and_leaves_a_flush_alone() {
    let site = site(MemoryStore::default());
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("a", &2).unwrap();
    visit.cycle_key().unwrap();
    visit.reload().await.unwrap();
    assert_eq!(visit.get::<i64>("a").unwrap(), Some(1));
    assert_eq!(visit.end().await, Ok(None), "nothing is left to be stored");
    assert!(visit.reload().await.is_err(), "the response was sent");

    let visit = site.visit(Some(&key)).await;
    site.faults.script(Method::Load, [Fault::Unavailable]);
    visit.insert("a", &3).unwrap();
    assert!(visit.reload().await.is_err());
    assert_eq!(visit.get::<i64>("a").unwrap(), Some(3), "the handle is as it was");
    visit.flush().unwrap();
    visit.reload().await.unwrap();
    assert!(visit.fields().is_empty());
    assert_eq!(visit.end().await, Ok(None));
    assert_eq!(site.data(&key).await, None);
}
