//! The manager's queue: one worker for each key that is being written.

use lodger_core::{CommitError, EditError, SessionConflict, SessionKey};
use shuttle::future::block_on;
use shuttle::thread;

use crate::explore::explore;
use crate::site::{Ended, Site, Visit, join, key_of};

fn incrementing(site: &Site, key: &SessionKey, name: &str) -> Visit {
    let visit = site.visit(key);
    visit.edit(|session| session.increment(name, 1).map(drop).unwrap());
    visit
}

fn is_gone(ended: &Ended) -> bool {
    matches!(ended, Err(CommitError::Gone(_)))
}

/// Promise 5
#[test]
fn all_that_come_at_once_are_answered_and_take_effect() {
    explore(|| {
        let (site, key) = Site::begin();
        let visits: Vec<_> = (0..4).map(|_| incrementing(&site, &key, "n").end_aside()).collect();
        assert!(join(visits).iter().all(|ended| matches!(ended, Ok(Some(_)))));
        assert_eq!(site.number(&key, "n"), Some(4));
        site.end(&key);
    });
}

/// Promise 5
#[test]
fn who_comes_as_the_worker_leaves_is_served() {
    explore(|| {
        let (site, key) = Site::begin();
        let other = incrementing(&site, &key, "n");
        let other = thread::spawn(move || block_on(other.end()));
        for _ in 0..2 {
            block_on(incrementing(&site, &key, "n").end()).unwrap();
        }
        other.join().unwrap().unwrap();
        assert_eq!(site.number(&key, "n"), Some(3));
        site.end(&key);
    });
}

/// Promise 14
#[test]
fn who_goes_away_takes_nothing_along() {
    explore(|| {
        let (site, key) = Site::begin();
        let [first, second, third] = [(); 3].map(|()| incrementing(&site, &key, "n"));
        let leaving = thread::spawn(move || second.end_and_leave());
        let first = first.end_aside();
        third.end_and_leave();
        leaving.join().unwrap();
        assert!(join([first])[0].is_ok());
        site.end(&key);
        assert_eq!(site.number(&key, "n"), Some(3));
    });
}

/// Promise 14
#[test]
fn a_patch_that_panics_fails_alone() {
    explore(|| {
        let (site, key) = Site::begin();
        let harmful = site.visit(&key);
        let panics_again = |n: Option<i64>| match n {
            Some(0) => 0,
            _ => panic!("a closure of the application's"),
        };
        harmful.edit(|session| drop(session.modify("n", panics_again)));
        let harmless: Vec<_> = (0..2).map(|_| incrementing(&site, &key, "n").end_aside()).collect();
        let harmful = harmful.end_aside();
        assert!(join(harmless).iter().all(|ended| matches!(ended, Ok(Some(_)))));
        match join([harmful]).remove(0) {
            Ok(Some(_))
            | Err(CommitError::Conflict(SessionConflict::Edit(EditError::Panicked { .. }))) => {}
            other => panic!("neither stored first nor refused: {other:?}"),
        }
        assert_eq!(site.number(&key, "n"), Some(2));
        site.end(&key);
    });
}

/// Promise 6
#[test]
fn a_change_of_key_in_the_line_leaves_one_live_key() {
    explore(|| {
        let (site, key) = Site::begin();
        let cycle = incrementing(&site, &key, "n");
        cycle.edit(|session| session.cycle_key().unwrap());
        let others: Vec<_> = (0..2).map(|_| incrementing(&site, &key, "n").end_aside()).collect();
        let cycle = cycle.end_aside();
        let others = join(others);
        let cookie = join([cycle]).remove(0).unwrap().unwrap();
        let fresh = key_of(&cookie);
        assert_eq!(site.number(&key, "n"), None, "the old key is dead");
        let stored = others.iter().filter(|ended| matches!(ended, Ok(Some(_)))).count();
        assert!(others.iter().all(|ended| ended.is_ok() || is_gone(ended)));
        assert_eq!(site.number(&fresh, "n"), Some(1 + i64::try_from(stored).unwrap()));
        site.end(&fresh);
    });
}

/// Promise 6
#[test]
fn of_two_changes_of_key_one_is_made() {
    explore(|| {
        let (site, key) = Site::begin();
        // Both find the session before either changes its key.
        let cycles = [(); 2].map(|()| site.visit(&key)).map(|visit| {
            visit.edit(|session| session.cycle_key().unwrap());
            visit.end_aside()
        });
        let (made, lost): (Vec<Ended>, Vec<Ended>) =
            join(cycles).into_iter().partition(Ended::is_ok);
        assert_eq!(made.len(), 1);
        assert!(lost.iter().all(is_gone));
        assert_eq!(site.number(&key, "n"), None);
        site.end(&key_of(made[0].as_ref().unwrap().as_ref().unwrap()));
    });
}

/// Promise 3
#[test]
fn nothing_is_saved_once_a_flush_is_acknowledged() {
    explore(|| {
        let (site, key) = Site::begin();
        let others: Vec<_> = (0..2).map(|_| incrementing(&site, &key, "n")).collect();
        let mut others = others.into_iter();
        let aside = others.next().unwrap().end_aside();
        let flushing = site.visit(&key);
        flushing.edit(|session| session.flush().unwrap());
        block_on(flushing.end()).unwrap();
        assert_eq!(site.number(&key, "n"), None);
        let late = block_on(others.next().unwrap().end());
        assert!(is_gone(&late), "{late:?}");
        let aside = join([aside]).remove(0);
        assert!(aside.is_ok() || is_gone(&aside), "{aside:?}");
        assert_eq!(site.number(&key, "n"), None);
        while !site.manager.is_idle() {
            thread::yield_now();
        }
    });
}

/// Promise 14
#[test]
fn a_worker_that_panics_leaves_the_key_free_and_nobody_waiting() {
    explore(|| {
        let (site, key) = Site::begin();
        site.store.panic_once();
        let visits: Vec<_> = (0..3).map(|_| incrementing(&site, &key, "n").end_aside()).collect();
        let ended = join(visits);
        let lost =
            ended.iter().filter(|ended| matches!(ended, Err(CommitError::Unknown(_)))).count();
        let stored = ended.iter().filter(|ended| matches!(ended, Ok(Some(_)))).count();
        assert!(lost >= 1 && lost + stored == 3, "{ended:?}");
        assert_eq!(site.number(&key, "n"), Some(i64::try_from(stored).unwrap()));
        site.end(&key);
    });
}
