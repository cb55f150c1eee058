//! `KeyStorage::MovingToHashed`: a session moves with its first write, and is in one place at any time.

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Clock, CommitError, KeyStorage, OnConflict, SessionConflict, SessionInterrupted, SessionKey,
    SessionStore, Span,
};
use lodger_testing::{Fault, Method, SpyStore};
use lodger_tests::site::{Site, dict};

use super::hashed_keys::{leaked, places, settings, site};

on_every_store!(
    a_session_moves_with_its_first_write_and_keeps_the_visitors_key,
    a_change_of_key_leaves_nothing_under_the_old_one,
    an_ending_reaches_both_places,
    what_has_ended_is_not_moved,
    an_administrators_save_leaves_one_record,
    updates_during_a_move_are_kept,
    a_move_is_no_change_to_those_who_are_strict,
    an_ending_wins_over_moves,
    a_change_of_key_wins_over_moves_or_they_over_it,
);

/// In a Redis Cluster and in memcached another process' write may be lost then: a limit that is printed.
mod from_two_processes {
    use super::a_change_of_key_wins_over_another_process_moves_or_they_over_it;

    on_every_store_with_one_step!(a_change_of_key_wins_over_another_process_moves_or_they_over_it);
}

/// A store that several sites share, and a session that lies there under its key as it is.
async fn stored<S: SessionStore>(store: S, json: &str) -> (SpyStore<S>, SessionKey) {
    let store = SpyStore::new(store);
    let key = site(store.clone(), KeyStorage::Plain).stored(json).await;
    (store, key)
}

fn moving<S: SessionStore>(store: &SpyStore<S>) -> Site<SpyStore<S>> {
    site(store.clone(), KeyStorage::MovingToHashed)
}

/// Promise 12
async fn a_session_moves_with_its_first_write_and_keeps_the_visitors_key<S: SessionStore>(
    store: S,
) {
    let (store, _) = stored(store, r#"{"a":1}"#).await;
    let plain = site(store.clone(), KeyStorage::Plain);
    for renews in [false, true] {
        let key = plain.stored(r#"{"a":1}"#).await;
        let site = moving(&store);
        let visit = site.visit(Some(&key)).await;
        assert_eq!(visit.get::<i64>("a").unwrap(), Some(1));
        assert_eq!(visit.end().await, Ok(None));
        assert_eq!(places(&site, &key).await, [true, false], "a read moves nothing");

        let visit = site.visit(Some(&key)).await;
        if renews {
            assert!(visit.request.commit(true).await.unwrap().is_some());
        } else {
            visit.increment("a", 1).unwrap();
            visit.save().await.unwrap();
            assert_eq!(places(&site, &key).await, [false, true]);
            visit.increment("a", 1).unwrap();
            assert_eq!(visit.end_with_key().await, Some(key.clone()));
        }
        assert_eq!(places(&site, &key).await, [false, true]);
        let data = if renews { r#"{"a":1}"# } else { r#"{"a":3}"# };
        assert_eq!(site.data(&key).await.unwrap(), data);
        assert_eq!(site.manager.find(&leaked(&key)).await.unwrap(), None);
        // Once it has moved nobody looks under the key itself.
        site.spy.reset();
        site.visit(Some(&key)).await;
        assert_eq!(site.spy.calls().total(), 1);
    }
}

/// Promise 6
async fn a_change_of_key_leaves_nothing_under_the_old_one<S: SessionStore>(store: S) {
    let (store, unmoved) = stored(store, r#"{"a":1}"#).await;
    let site = moving(&store);
    let moved = site.stored(r#"{"a":1}"#).await;
    for old in [unmoved, moved] {
        let visit = site.visit(Some(&old)).await;
        visit.cycle_key().unwrap();
        let new = visit.end_with_key().await.unwrap();
        assert_eq!(places(&site, &old).await, [false, false]);
        assert_eq!(places(&site, &new).await, [false, true]);
        assert_eq!(site.data(&new).await.unwrap(), r#"{"a":1}"#);
    }
}

/// Promise 3
async fn an_ending_reaches_both_places<S: SessionStore>(store: S) {
    let (store, unmoved) = stored(store, r#"{"a":1}"#).await;
    let site = moving(&store);
    let moved = site.stored(r#"{"a":1}"#).await;
    for key in [unmoved, moved] {
        let late = site.visit(Some(&key)).await;
        let visit = site.visit(Some(&key)).await;
        visit.flush().unwrap();
        assert_eq!(visit.end().await, Ok(None));
        assert_eq!(places(&site, &key).await, [false, false]);
        assert!(!site.manager.revoke(&key).await.unwrap());
        late.insert("a", &2).unwrap();
        assert_eq!(late.end().await, Err(SessionInterrupted.into()));
        assert_eq!(places(&site, &key).await, [false, false]);
    }
}

/// Promise 4
async fn what_has_ended_is_not_moved<S: SessionStore>(store: S) {
    let (store, key) = stored(store, r#"{"a":1}"#).await;
    let site = moving(&store);
    let visits = [site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    let renewing = site.visit(Some(&key)).await;
    site.clock.advance(Span::from_secs(1_209_600));
    visits[0].insert("a", &2).unwrap();
    visits[1].cycle_key().unwrap();
    for visit in visits {
        assert_eq!(visit.end().await, Err(SessionInterrupted.into()));
    }
    assert_eq!(renewing.request.commit(true).await, Ok(None));
    assert_eq!(places(&site, &key).await, [false, false]);
}

async fn an_administrators_save_leaves_one_record<S: SessionStore>(store: S) {
    let (store, key) = stored(store, r#"{"a":1}"#).await;
    let site = moving(&store);
    let end = site.clock.now() + Span::from_secs(60);
    site.manager.save(&key, &dict(r#"{"b":2}"#), end).await.unwrap();
    assert_eq!(places(&site, &key).await, [false, true]);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"b":2}"#);
    assert!(site.manager.save(&key, &dict("{}"), end).await.unwrap().is_none());
    assert_eq!(places(&site, &key).await, [false, false]);
}

/// Promise 5
async fn updates_during_a_move_are_kept<S: SessionStore>(store: S) {
    let (store, key) = stored(store, r#"{"n":0}"#).await;
    let sites: Vec<_> = (0..4).map(|_| moving(&store)).collect();
    let mut visits = Vec::new();
    for number in 0..40 {
        visits.push(sites[number % 4].visit(Some(&key)).await);
    }
    let saves = visits.into_iter().map(|visit| {
        tokio::spawn(async move {
            visit.increment("n", 1).unwrap();
            visit.end_with_key().await
        })
    });
    for save in saves.collect::<Vec<_>>() {
        assert_eq!(save.await.unwrap(), Some(key.clone()));
    }
    assert_eq!(sites[0].data(&key).await.unwrap(), r#"{"n":40}"#);
    assert_eq!(places(&sites[0], &key).await, [false, true]);
}

/// Promise 5
async fn a_move_is_no_change_to_those_who_are_strict<S: SessionStore>(store: S) {
    let (store, key) = stored(store, r#"{"n":0}"#).await;
    let mut strict = settings(KeyStorage::MovingToHashed);
    strict.on_conflict = OnConflict::Strict;
    let site = Site::with_settings(store, strict);
    let visits =
        [site.visit(Some(&key)).await, site.visit(Some(&key)).await, site.visit(Some(&key)).await];
    // It moves, and its data stay as they are.
    assert!(visits[0].request.commit(true).await.unwrap().is_some());
    for visit in &visits[1..] {
        visit.increment("n", 1).unwrap();
    }
    assert_eq!(visits[1].end_with_key().await, Some(key.clone()));
    assert_eq!(visits[2].end().await, Err(SessionConflict::Changed.into()));
    assert_eq!(site.data(&key).await.unwrap(), r#"{"n":1}"#);
}

/// Promise 3
async fn an_ending_wins_over_moves<S: SessionStore>(store: S) {
    let store = SpyStore::new(store);
    let plain = site(store.clone(), KeyStorage::Plain);
    for round in 0..20 {
        let key = plain.stored(r#"{"n":0}"#).await;
        let sites = [moving(&store), moving(&store)];
        let mut saves = Vec::new();
        for number in 0..6 {
            let visit = sites[number % 2].visit(Some(&key)).await;
            saves.push(tokio::spawn(async move {
                visit.increment("n", 1).unwrap();
                visit.end().await
            }));
        }
        // At another moment of the move each time.
        tokio::time::sleep(std::time::Duration::from_micros(100 * round)).await;
        sites[0].manager.revoke(&key).await.unwrap();
        for site in &sites {
            assert_eq!(site.data(&key).await, None, "acknowledged, and still there");
        }
        for save in saves {
            let saved = save.await.unwrap();
            assert!(matches!(saved, Ok(_) | Err(CommitError::Gone(_))), "{saved:?}");
        }
        assert_eq!(places(&sites[0], &key).await, [false, false], "a move brought it back");
    }
}

/// Promise 6
async fn a_change_of_key_wins_over_moves_or_they_over_it<S: SessionStore>(store: S) {
    changes_of_key_among_moves(store, |store| {
        let site = moving(store);
        [site.clone(), site]
    })
    .await;
}

/// Promise 6
async fn a_change_of_key_wins_over_another_process_moves_or_they_over_it<S: SessionStore>(
    store: S,
) {
    changes_of_key_among_moves(store, |store| [moving(store), moving(store)]).await;
}

async fn changes_of_key_among_moves<S: SessionStore>(
    store: S,
    processes: fn(&SpyStore<S>) -> [Site<SpyStore<S>>; 2],
) {
    let store = SpyStore::new(store);
    let plain = site(store.clone(), KeyStorage::Plain);
    for _ in 0..10 {
        let old = plain.stored(r#"{"n":0}"#).await;
        let sites = processes(&store);
        let mut visits = Vec::new();
        for number in 0..6 {
            visits.push((number, sites[number % 2].visit(Some(&old)).await));
        }
        let ends = visits.into_iter().map(|(number, visit)| {
            tokio::spawn(async move {
                let cycles = number >= 4;
                visit.increment("n", 1).unwrap();
                if cycles {
                    visit.cycle_key().unwrap();
                }
                (cycles, visit.end().await)
            })
        });
        let (mut saved, mut new) = (0, Vec::new());
        for end in ends.collect::<Vec<_>>() {
            match end.await.unwrap() {
                (cycles, Ok(cookie)) => {
                    saved += 1;
                    let key = cookie.unwrap().value.session_key(128).unwrap();
                    new.extend(cycles.then_some(key));
                }
                (_, Err(error)) => assert!(matches!(error, CommitError::Gone(_)), "{error:?}"),
            }
        }
        assert_eq!(new.len(), 1, "of two changes of key one wins");
        assert_eq!(places(&sites[0], &old).await, [false, false]);
        let stored = sites[1].field(&new[0], "n").await.unwrap();
        assert_eq!(stored, saved.to_string(), "what was acknowledged is what is stored");
    }
}

/// Promise 9
#[tokio::test]
async fn a_move_whose_reply_is_lost_is_unknown_whatever_is_found() {
    for fault in [Fault::ReplyLost, Fault::RequestLost] {
        let (store, key) = stored(MemoryStore::default(), r#"{"a":1}"#).await;
        let site = moving(&store);
        let visit = site.visit(Some(&key)).await;
        visit.insert("a", &2).unwrap();
        site.faults.script(Method::Cycle, [fault]);
        assert!(matches!(visit.end().await, Err(CommitError::Unknown(_))));
        let moved = fault == Fault::ReplyLost;
        assert_eq!(places(&site, &key).await, [!moved, moved]);
        let stored = if moved { r#"{"a":2}"# } else { r#"{"a":1}"# };
        assert_eq!(site.data(&key).await.unwrap(), stored);
    }
}

/// Promise 6
#[tokio::test]
async fn a_new_key_is_told_to_nobody_while_the_old_one_may_live() {
    let (store, key) = stored(MemoryStore::default(), r#"{"a":1}"#).await;
    let site = moving(&store);
    let visit = site.visit(Some(&key)).await;
    visit.cycle_key().unwrap();
    site.faults.script(Method::Delete, [Fault::Unavailable]);
    assert!(matches!(visit.end().await, Err(CommitError::Unknown(_))));
    assert_eq!(places(&site, &key).await, [false, false]);
}

/// What was moved between the two looks of a load is found by the third.
/// Promise 9
#[tokio::test(start_paused = true)]
async fn a_load_during_a_move_finds_the_session() {
    let (store, key) = stored(MemoryStore::default(), r#"{"a":1}"#).await;
    let (reader, writer) = (moving(&store), moving(&store));
    let visit = writer.visit(Some(&key)).await;
    // It has looked under the hash, and is told so when the session has moved.
    let slow = Fault::Slow(std::time::Duration::from_millis(100));
    reader.faults.script(Method::Load, [slow]);
    let reading = tokio::spawn(async move { reader.data(&key).await });
    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    visit.insert("a", &2).unwrap();
    visit.end().await.unwrap();
    assert_eq!(reading.await.unwrap().as_deref(), Some(r#"{"a":2}"#));
}
