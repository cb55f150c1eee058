//! Futures that are dropped, and handles that are used up.

use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{EditError, LoadError, Presented};
use lodger_testing::{Fault, Method};
use lodger_tests::site::Site;
use tokio::time::timeout;

const SLOW: Fault = Fault::Late(Duration::from_millis(200));
const SOON: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_secs(1);

fn site() -> Site<MemoryStore> {
    Site::new(MemoryStore::default())
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_dropped_save_goes_on_and_is_stored_once() {
    let site = site();
    let key = site.stored(r#"{"n":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.increment("n", 1).unwrap();
    site.faults.script(Method::Swap, [SLOW]);
    assert!(timeout(SOON, visit.save()).await.is_err(), "the save is slow");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1}"#);
    // Nobody asks for the save any more.
    tokio::time::sleep(LONG).await;
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":2}"#);
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":2}"#, "stored twice");
    assert_eq!(site.spy.calls().swap, 1);
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn what_is_done_after_a_dropped_save_is_stored_too() {
    let site = site();
    let key = site.stored(r#"{"n":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.increment("n", 1).unwrap();
    site.faults.script(Method::Swap, [SLOW]);
    assert!(timeout(SOON, visit.save()).await.is_err(), "the save is slow");
    visit.increment("n", 10).unwrap();
    visit.insert("late", &1).unwrap();
    visit.end().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":12,"late":1}"#);
    assert_eq!(site.spy.calls().swap, 2);
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_request_that_goes_away_has_its_commit_finished() {
    for (method, new) in [(Method::Swap, false), (Method::Create, true), (Method::Cycle, false)] {
        let site = site();
        let key = site.stored(r#"{"a":1}"#).await;
        let visit = site.visit(Some(&key).filter(|_| !new)).await;
        visit.insert("b", &1).unwrap();
        if method == Method::Cycle {
            visit.cycle_key().unwrap();
        }
        site.faults.script(method, [SLOW]);
        assert!(timeout(SOON, visit.end()).await.is_err(), "the commit is slow");
        drop(visit);
        tokio::time::sleep(LONG).await;
        let stored = site.data(&key).await;
        let expected = match method {
            Method::Swap => Some(r#"{"a":1,"b":1}"#),
            Method::Create => Some(r#"{"a":1}"#),
            _ => None,
        };
        assert_eq!(stored.as_deref(), expected, "{method:?}");
        let calls = site.spy.calls();
        assert_eq!(calls.writes(), 1, "{method:?}: {calls:?}");
    }
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_flush_whose_request_goes_away_holds() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    site.faults.script(Method::Delete, [SLOW]);
    assert!(timeout(SOON, visit.end()).await.is_err(), "the commit is slow");
    drop(visit);
    tokio::time::sleep(LONG).await;
    assert_eq!(site.data(&key).await, None);
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_dropped_load_can_be_made_again() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let request = site.request(Presented::Value((&key).into()));
    site.faults.script(Method::Load, [Fault::Hangs]);
    assert!(timeout(SOON, request.load()).await.is_err());
    assert_eq!(request.load().await.unwrap().get::<i64>("a").unwrap(), Some(1));
}

#[tokio::test]
async fn edits_after_the_final_commit_are_refused_and_reading_goes_on() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.insert("b", &2).unwrap();
    visit.end().await.unwrap();
    for refused in [
        visit.insert("c", &3),
        visit.clear(),
        visit.flush(),
        visit.cycle_key(),
        visit.mark_modified(),
        visit.remove("a").map(|_| ()),
        visit.pop::<i64>("a").map(|_| ()),
        visit.increment("a", 1).map(|_| ()),
        visit.append("l", &1),
        visit.set_expiry(lodger_core::Expiry::AtBrowserClose),
        visit.update([("c", 3)]),
        visit.modify("a", |held: Option<i64>| held.unwrap_or(0)).map(|_| ()),
    ] {
        assert_eq!(refused, Err(EditError::Closed));
    }
    assert!(matches!(visit.save().await, Err(lodger_core::CommitError::Closed)));
    assert_eq!(visit.get::<i64>("b").unwrap(), Some(2));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1,"b":2}"#);
}

#[tokio::test]
async fn a_session_that_nobody_asked_for_before_the_response_cannot_be_loaded_after_it() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let request = site.request(Presented::Value((&key).into()));
    request.commit(false).await.unwrap();
    assert!(matches!(request.load().await, Err(LoadError::Closed)));
    site.spy.assert_untouched();
}
