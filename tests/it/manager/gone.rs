//! What was ended stays ended.

use lodger_core::{CommitError, Expiry, SessionKey, SessionStore, Span};
use lodger_tests::site::{Site, Visit};

on_every_store!(
    a_save_after_a_logout_elsewhere_writes_nothing,
    a_save_after_a_revocation_writes_nothing,
    a_save_after_the_end_writes_nothing,
    a_save_after_a_delete_of_its_own_is_refused,
    a_logout_wins_over_concurrent_saves,
    a_session_that_was_ended_twice_is_no_error,
    a_mere_renewal_of_an_ended_session_is_left_undone,
);

/// Writes in every way through handles that had loaded the session, and proves that each learns that
/// it is gone, and that nothing is stored.
async fn every_write_finds_it_gone<S: SessionStore>(
    site: &Site<S>,
    key: &SessionKey,
    visits: Vec<Visit>,
) {
    for (way, visit) in visits.iter().enumerate() {
        let result = match way {
            0 => {
                visit.insert("late", &true).unwrap();
                visit.end().await
            }
            1 => {
                visit.insert("late", &true).unwrap();
                visit.save().await.map(|()| None)
            }
            2 => {
                visit.cycle_key().unwrap();
                visit.end().await
            }
            3 => visit.save().await.map(|()| None),
            4 => {
                visit.clear().unwrap();
                visit.end().await
            }
            _ => {
                visit.set_expiry(Expiry::Sliding(Span::from_secs(9_000_000))).unwrap();
                visit.end().await
            }
        };
        assert!(matches!(result, Err(CommitError::Gone(_))), "way {way}: {result:?}");
        assert_eq!(site.data(key).await, None, "way {way} brought the session back");
    }
}

async fn six_visits<S: SessionStore>(site: &Site<S>, key: &SessionKey) -> Vec<Visit> {
    let mut visits = Vec::new();
    for _ in 0..6 {
        visits.push(site.visit(Some(key)).await);
    }
    visits
}

/// Promise 3
/// Django: SessionTestsMixin.test_session_save_does_not_resurrect_session_logged_out_in_other_context
async fn a_save_after_a_logout_elsewhere_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = six_visits(&site, &key).await;
    let logout = site.visit(Some(&key)).await;
    logout.flush().unwrap();
    logout.end().await.unwrap();
    every_write_finds_it_gone(&site, &key, visits).await;
}

/// Promise 3
async fn a_save_after_a_revocation_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = six_visits(&site, &key).await;
    assert!(site.manager.revoke(&key).await.unwrap());
    every_write_finds_it_gone(&site, &key, visits).await;
}

/// Promise 4
async fn a_save_after_the_end_writes_nothing<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = six_visits(&site, &key).await;
    site.clock.advance(Span::from_secs(1_209_600));
    every_write_finds_it_gone(&site, &key, visits).await;
}

/// Promise 3
async fn a_save_after_a_delete_of_its_own_is_refused<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    assert!(visit.delete().await.unwrap());
    assert_eq!(visit.get::<i64>("a").unwrap(), Some(1), "the handle keeps its data");
    visit.insert("a", &2).unwrap();
    assert!(matches!(visit.save().await, Err(CommitError::Gone(_))));
    assert!(matches!(visit.end().await, Err(CommitError::Gone(_))));
    assert_eq!(site.data(&key).await, None);
}

/// Promise 3
async fn a_logout_wins_over_concurrent_saves<S: SessionStore>(store: S) {
    let site = Site::new(store);
    for _ in 0..5 {
        let key = site.stored(r#"{"n":0}"#).await;
        let mut saves = Vec::new();
        for _ in 0..8 {
            let visit = site.visit(Some(&key)).await;
            saves.push(tokio::spawn(async move {
                visit.increment("n", 1).unwrap();
                visit.end().await
            }));
        }
        let logout = site.visit(Some(&key)).await;
        logout.flush().unwrap();
        logout.end().await.unwrap();
        assert_eq!(site.data(&key).await, None, "acknowledged, and still there");
        for save in saves {
            let saved = save.await.unwrap();
            assert!(matches!(saved, Ok(_) | Err(CommitError::Gone(_))), "{saved:?}");
        }
        assert_eq!(site.data(&key).await, None, "a save brought it back");
    }
}

async fn a_session_that_was_ended_twice_is_no_error<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    for visit in &visits {
        visit.flush().unwrap();
        assert_eq!(visit.end().await.unwrap(), None);
    }
    assert!(!site.manager.revoke(&key).await.unwrap());
}

/// Promise 4
async fn a_mere_renewal_of_an_ended_session_is_left_undone<S: SessionStore>(store: S) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let visit = site.visit(Some(&key)).await;
    site.manager.revoke(&key).await.unwrap();
    // The handler changed nothing, so there is nothing to complain of, and no cookie.
    assert_eq!(visit.request.commit(true).await.unwrap(), None);
    assert_eq!(site.data(&key).await, None);
}
