//! Failures are told apart.

use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, LoadError, Settings, StoreError};
use lodger_testing::{Fault, Method};
use lodger_tests::site::Site;

fn site() -> Site<MemoryStore> {
    Site::new(MemoryStore::default())
}

/// A site whose store has little time to answer.
fn impatient() -> Site<MemoryStore> {
    let mut settings = Settings::default();
    settings.limits.store_call = Duration::from_millis(50);
    Site::with_settings(MemoryStore::default(), settings)
}

/// Promise 9
#[tokio::test]
async fn a_store_that_is_down_is_no_empty_session() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    site.faults.script(Method::Load, [Fault::Unavailable]);
    let failed = site.try_visit(Some(&key)).await.map(|_| ());
    assert!(matches!(failed, Err(LoadError::Unavailable(StoreError::Unavailable { .. }))));
    assert_eq!(site.visit(Some(&key)).await.get::<i64>("a").unwrap(), Some(1));
}

/// Promise 9
#[tokio::test]
async fn a_load_that_failed_can_be_tried_again_by_the_same_request() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    site.faults.script(Method::Load, [Fault::Unavailable]);
    let request = site.request(lodger_core::Presented::Value((&key).into()));
    assert!(request.load().await.is_err());
    assert!(!request.facts().accessed && !request.is_empty());
    let session = request.load().await.unwrap();
    assert_eq!(session.get::<i64>("a").unwrap(), Some(1));
}

/// Promise 9
#[tokio::test]
async fn a_write_that_surely_failed_says_so_and_is_tried_again_with_the_response() {
    let site = site();
    let key = site.stored(r#"{"n":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.increment("n", 1).unwrap();
    site.faults.script(Method::Swap, [Fault::Unavailable]);
    assert!(matches!(visit.save().await, Err(CommitError::Unavailable(_))));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1}"#);
    assert_eq!(visit.get::<i64>("n").unwrap(), Some(2), "nothing is forgotten");
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":2}"#);
}

/// Promise 9
#[tokio::test]
async fn every_kind_of_write_tells_that_the_store_is_down() {
    for method in [Method::Create, Method::Swap, Method::Cycle, Method::Delete, Method::Touch] {
        let site = site();
        let key = site.stored(r#"{"a":1}"#).await;
        site.faults.always(method, Fault::Unavailable);
        let new = matches!(method, Method::Create);
        let visit = site.visit(Some(&key).filter(|_| !new)).await;
        match method {
            Method::Create | Method::Swap => visit.insert("b", &1).unwrap(),
            Method::Cycle => visit.cycle_key().unwrap(),
            Method::Delete => visit.flush().unwrap(),
            _ => {}
        }
        let failed = visit.request.commit(matches!(method, Method::Touch)).await;
        assert!(matches!(failed, Err(CommitError::Unavailable(_))), "{method:?}: {failed:?}");
        assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    }
}

/// Promise 9
#[tokio::test]
async fn a_lost_reply_of_a_swap_is_unknown_and_never_sent_again() {
    for fault in [Fault::ReplyLost, Fault::RequestLost] {
        let site = site();
        let key = site.stored(r#"{"n":1}"#).await;
        let visit = site.visit(Some(&key)).await;
        visit.increment("n", 1).unwrap();
        site.faults.script(Method::Swap, [fault]);
        assert!(matches!(visit.save().await, Err(CommitError::Unknown(_))));
        assert!(matches!(visit.end().await, Err(CommitError::Unknown(_))));
        assert_eq!(site.spy.calls().swap, 1, "{fault:?}");
        let stored = if fault == Fault::ReplyLost { r#"{"n":2}"# } else { r#"{"n":1}"# };
        assert_eq!(site.data(&key).await.unwrap(), stored);
    }
}

/// Promise 9
#[tokio::test]
async fn a_lost_reply_of_a_creation_is_settled_by_the_fresh_key() {
    let site = site();
    site.faults.script(Method::Create, [Fault::ReplyLost]);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    let key = visit.end_with_key().await.unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    assert_eq!(site.spy.calls().create, 1);

    site.faults.script(Method::Create, [Fault::RequestLost]);
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Unknown(_))));
    assert_eq!(site.spy.calls().create, 2);
}

/// Promise 9
#[tokio::test]
async fn a_lost_reply_of_a_cycle_is_settled_by_the_fresh_key() {
    for (fault, stored) in [(Fault::ReplyLost, true), (Fault::RequestLost, false)] {
        let site = site();
        let old = site.stored(r#"{"a":1}"#).await;
        let visit = site.visit(Some(&old)).await;
        visit.cycle_key().unwrap();
        site.faults.script(Method::Cycle, [fault]);
        match visit.end().await {
            Ok(cookie) => {
                assert!(stored);
                let new = cookie.unwrap().value.session_key(128).unwrap();
                assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1}"#);
                assert_eq!(site.data(&old).await, None);
            }
            Err(error) => {
                assert!(!stored && matches!(error, CommitError::Unknown(_)), "{error:?}");
                assert_eq!(site.data(&old).await.unwrap(), r#"{"a":1}"#);
            }
        }
        assert_eq!(site.spy.calls().cycle, 1);
    }
}

/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_store_that_hangs_is_given_up_in_time() {
    let site = impatient();
    let key = site.stored(r#"{"a":1}"#).await;
    site.faults.script(Method::Load, [Fault::Hangs]);
    let begun = tokio::time::Instant::now();
    let failed = site.try_visit(Some(&key)).await.map(|_| ());
    assert!(matches!(failed, Err(LoadError::Unavailable(StoreError::Unavailable { .. }))));
    assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());

    for (fault, stored) in [(Fault::Hangs, r#"{"a":1}"#), (Fault::HangsAfter, r#"{"a":2}"#)] {
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        site.faults.script(Method::Swap, [fault]);
        let begun = tokio::time::Instant::now();
        assert!(matches!(visit.end().await, Err(CommitError::Unknown(_))));
        assert!(begun.elapsed() < Duration::from_millis(100), "{:?}", begun.elapsed());
        assert_eq!(site.data(&key).await.unwrap(), stored, "{fault:?}");
    }
}

/// Promise 9
#[tokio::test]
async fn a_flush_that_failed_is_tried_again_and_the_session_stays_until_then() {
    let site = site();
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    site.faults.script(Method::Delete, [Fault::Unavailable]);
    assert!(matches!(visit.save().await, Err(CommitError::Unavailable(_))));
    assert!(site.data(&key).await.is_some());
    assert_eq!(visit.end().await.unwrap(), None);
    assert_eq!(site.data(&key).await, None);
}
