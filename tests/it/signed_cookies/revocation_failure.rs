//! A revocation list that fails.

use std::time::Duration;

use lodger_backends::memory::MemoryStore;
use lodger_core::{CommitError, CookieValue, LoadError, Opened, SessionKey, Settings, StoreError};
use lodger_testing::{Fault, Method};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::{CookieSite, ListedSite};

async fn with_session() -> (ListedSite<MemoryStore>, SessionKey) {
    let site = ListedSite::in_memory();
    let key = site.stored(r#"{"a":1}"#).await;
    (site, key)
}

/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_list_that_is_down_is_an_error_and_neither_a_session_nor_a_logout() {
    for fault in [Fault::Unavailable, Fault::Hangs] {
        let (site, key) = with_session().await;
        let before = site.visit(Some(&key)).await;
        site.faults.always(Method::Load, fault);
        let refused = site.try_visit(Some(&key)).await.err();
        assert!(matches!(refused, Some(LoadError::Unavailable(StoreError::Unavailable { .. }))));
        before.insert("b", &2).unwrap();
        assert!(matches!(before.save().await, Err(CommitError::Unavailable(_))), "{fault:?}");
        // A visitor without a session has nothing to ask the list for.
        assert!(site.visit(None).await.fields().is_empty());
        site.faults.heal();
        assert!(before.end().await.unwrap().is_some(), "it was not forgotten");
        assert!(site.data(&key).await.is_some());
    }
}

/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_logout_that_the_list_did_not_take_is_no_logout() {
    let (site, key) = with_session().await;
    site.faults.script(Method::Create, [Fault::Unavailable]);
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Unavailable(_))));
    assert!(site.data(&key).await.is_some());
    assert!(site.engine().delete(key.clone()).await.unwrap());
    assert_eq!(site.data(&key).await, None);
}

/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_looked_into() {
    for (fault, dead) in
        [(Fault::ReplyLost, true), (Fault::HangsAfter, true), (Fault::RequestLost, false)]
    {
        // A change of key.
        let (site, key) = with_session().await;
        let visit = site.visit(Some(&key)).await;
        visit.cycle_key().unwrap();
        site.faults.script(Method::Create, [fault]);
        match visit.end().await {
            Ok(cookie) => {
                let cycled = cookie.unwrap().value.session_key(4096).unwrap();
                assert!(dead && site.data(&cycled).await.is_some());
            }
            Err(error) => assert!(!dead && matches!(error, CommitError::Unknown(_)), "{error:?}"),
        }
        assert_eq!(site.data(&key).await.is_none(), dead);

        // A logout.
        let (site, key) = with_session().await;
        site.faults.script(Method::Create, [fault]);
        assert_eq!(site.engine().delete(key.clone()).await.is_ok(), dead, "{fault:?}");
        assert_eq!(site.data(&key).await.is_none(), dead);
    }
}

/// Promise 14
#[tokio::test(start_paused = true)]
async fn a_commit_whose_caller_went_away_goes_on() {
    let (site, key) = with_session().await;
    let visit = site.visit(Some(&key)).await;
    visit.flush().unwrap();
    site.faults.script(Method::Create, [Fault::Late(Duration::from_millis(50))]);
    let request = visit.request.clone();
    let dropped = tokio::time::timeout(Duration::from_millis(10), request.commit(false)).await;
    assert!(dropped.is_err());
    drop((request, visit));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(site.data(&key).await, None);
}

/// What is too large is refused before anything is put on the list.
#[tokio::test]
async fn a_change_of_key_that_cannot_be_written_ends_nothing() {
    let (site, key) = with_session().await;
    let visit = site.visit(Some(&key)).await;
    visit.cycle_key().unwrap();
    let noise: Vec<u32> = (0..3000_u32).map(|n| n.wrapping_mul(2_654_435_761)).collect();
    visit.insert("t", &noise).unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Encode(_))));
    assert!(site.data(&key).await.is_some());
    site.engine().delete(key.clone()).await.unwrap();
    let visit = site.visit(Some(&key)).await;
    assert!(visit.fields().is_empty());
}

/// Nothing waits, so a runtime is not needed.
#[test]
fn without_a_list_there_is_no_need_of_a_runtime() {
    use futures_util::FutureExt;
    let site = CookieSite::with_settings(Settings::default());
    let key = site.stored(r#"{"a":1}"#).now_or_never().unwrap();
    let opened = site.engine().load(CookieValue::from(&key)).now_or_never().unwrap();
    assert!(matches!(opened, Ok(Opened::Live { .. })));
}
