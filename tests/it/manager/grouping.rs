//! Commits of one session that wait for each other go as one write.

use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, EditError, EncodeError, SessionCookie, SessionKey, Settings};
use lodger_testing::{Fault, Method};
use lodger_tests::site::{Site, Visit};
use tokio::task::JoinHandle;

type Ended = Result<Option<SessionCookie>, CommitError>;

const SLOW: Fault = Fault::Slow(Duration::from_millis(100));

fn site() -> Site<MemoryStore> {
    Site::new(MemoryStore::default())
}

/// Begins a slow commit, and then the others while it is under way.
async fn behind_a_slow_one<const N: usize>(
    site: &Site<MemoryStore>,
    key: &SessionKey,
    others: [Visit; N],
) -> [Ended; N] {
    site.faults.script(Method::Swap, [SLOW]);
    let slow = site.visit(Some(key)).await;
    slow.increment("slow", 1).unwrap();
    let slow = tokio::spawn(async move { slow.end().await });
    tokio::time::sleep(Duration::from_millis(10)).await;
    let others = others.map(|visit| tokio::spawn(async move { visit.end().await }));
    slow.await.unwrap().unwrap();
    let ended: Vec<Ended> = all(others).await;
    ended.try_into().expect("as many as there were")
}

async fn all<const N: usize>(tasks: [JoinHandle<Ended>; N]) -> Vec<Ended> {
    let mut ended = Vec::new();
    for task in tasks {
        ended.push(task.await.unwrap());
    }
    ended
}

/// Promise 5
#[tokio::test(start_paused = true)]
async fn commits_that_wait_go_as_one_write() {
    let site = site();
    let key = site.stored(r#"{"n":0}"#).await;
    let mut others = Vec::new();
    for _ in 0..50 {
        let visit = site.visit(Some(&key)).await;
        visit.increment("n", 1).unwrap();
        others.push(visit);
    }
    let others: [Visit; 50] = others.try_into().ok().expect("as many as were made");
    for ended in behind_a_slow_one(&site, &key, others).await {
        assert!(ended.unwrap().is_some());
    }
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":50,"slow":1}"#);
    assert_eq!(site.spy.calls().swap, 2, "one slow write, and one for the fifty behind it");
}

/// Promise 5
#[tokio::test(start_paused = true)]
async fn a_conflict_in_a_group_fails_alone() {
    let site = site();
    let key = site.stored(r#"{"n":0,"t":0}"#).await;
    let [text, bad, good] =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    text.insert("t", "text").unwrap();
    bad.increment("t", 1).unwrap();
    bad.increment("n", 100).unwrap();
    good.increment("n", 1).unwrap();
    let ended = behind_a_slow_one(&site, &key, [text, bad, good]).await;
    let not_an_integer = CommitError::Conflict(EditError::NotAnInteger { name: "t".into() }.into());
    assert_eq!(ended[1], Err(not_an_integer));
    assert!(ended[0].is_ok() && ended[2].is_ok(), "{ended:?}");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1,"t":"text","slow":1}"#);
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_closure_that_panics_on_newer_data_fails_alone() {
    let site = site();
    let key = site.stored(r#"{"n":0}"#).await;
    let [first, fragile, last] =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    first.insert("n", &13).unwrap();
    let careful = |held: Option<i64>| {
        assert_ne!(held, Some(13), "the closure does not bear this number");
        held.unwrap_or(0) + 1
    };
    assert_eq!(fragile.modify("n", careful).unwrap(), 1);
    last.insert("last", &1).unwrap();
    let ended = behind_a_slow_one(&site, &key, [first, fragile, last]).await;
    assert_eq!(
        ended[1],
        Err(CommitError::Conflict(EditError::Panicked { name: "n".into() }.into()))
    );
    assert!(ended[0].is_ok() && ended[2].is_ok(), "{ended:?}");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":13,"slow":1,"last":1}"#);
    // The session can be written as before.
    let after = site.visit(Some(&key)).await;
    after.insert("n", &1).unwrap();
    after.end().await.unwrap();
}

/// Promise 14
#[tokio::test]
async fn a_closure_that_panics_at_once_changes_nothing() {
    let site = site();
    let key = site.stored(r#"{"n":0}"#).await;
    let visit = site.visit(Some(&key)).await;
    let refused = visit.modify("n", |_: Option<i64>| -> i64 { panic!("at once") });
    assert_eq!(refused, Err(EditError::Panicked { name: "n".into() }));
    assert_eq!(visit.get::<i64>("n").unwrap(), Some(0));
    assert!(!visit.modified());
}

/// Promise 10
#[tokio::test(start_paused = true)]
async fn one_that_makes_the_data_too_large_fails_alone() {
    let mut settings = Settings::default();
    settings.limits.session_data = 2000;
    let site = Site::with_settings(MemoryStore::default(), settings);
    let key = site.stored(r#"{"n":0}"#).await;
    let [before, large, after] =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    before.increment("n", 1).unwrap();
    // What cannot be compressed.
    let noise: Vec<u64> = (1..400u64).map(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15)).collect();
    large.insert("noise", &noise).unwrap();
    large.increment("n", 100).unwrap();
    after.increment("n", 1).unwrap();
    let ended = behind_a_slow_one(&site, &key, [before, large, after]).await;
    let too_large = matches!(ended[1], Err(CommitError::Encode(EncodeError::TooLarge { .. })));
    assert!(too_large, "{ended:?}");
    assert!(ended[0].is_ok() && ended[2].is_ok(), "{ended:?}");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":2,"slow":1}"#);
}

/// Promise 6
#[tokio::test(start_paused = true)]
async fn those_behind_a_cycle_find_the_session_gone_and_those_before_it_are_kept() {
    let site = site();
    let key = site.stored(r#"{"n":0}"#).await;
    let [before, cycling, behind] =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    before.increment("n", 1).unwrap();
    cycling.increment("n", 10).unwrap();
    cycling.cycle_key().unwrap();
    behind.increment("n", 100).unwrap();
    let [before, cycling, behind] = behind_a_slow_one(&site, &key, [before, cycling, behind]).await;
    before.unwrap();
    assert!(matches!(behind, Err(CommitError::Gone(_))), "{behind:?}");
    let new = cycling.unwrap().unwrap().value.session_key(128).unwrap();
    assert_eq!(site.data(&new).await.unwrap(), r#"{"n":11,"slow":1}"#);
    assert_eq!(site.data(&key).await, None);
}
