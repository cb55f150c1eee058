//! The memory store's locks.

use std::sync::Arc;

use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Created, Cycled, SessionData, SessionDict, SessionKey, SessionRecord, SessionStore, Span,
    StoreError, StoredKey, Swapped, Timestamp, Touched, Version, Write,
};
use shuttle::future::block_on;
use shuttle::thread;

use crate::explore::explore;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const DAY: Span = Span::from_secs(86_400);

fn key(number: u32) -> StoredKey {
    let key = SessionKey::parse(&format!("session-{number:024}"), 128).unwrap();
    StoredKey::from(&key)
}

fn write(data: &str) -> Write {
    let session_data = SessionData::from_text(data);
    Write { session_data, expire_date: NOW + DAY, fields: SessionDict::new() }
}

/// A store of so much room, as several threads see it.
#[derive(Clone)]
struct Sessions(Arc<MemoryStore>);

impl Sessions {
    fn with_capacity(sessions: u64) -> Self {
        Self(Arc::new(MemoryStore::with_capacity(sessions)))
    }

    fn try_create(&self, number: u32, data: &str, ends: Timestamp) -> Result<Created, StoreError> {
        let session_data = SessionData::from_text(data);
        let record = SessionRecord { session_key: key(number), session_data, expire_date: ends };
        block_on(self.0.create(record, SessionDict::new(), NOW))
    }

    fn create(&self, number: u32, data: &str) -> Version {
        match self.try_create(number, data, NOW + DAY) {
            Ok(Created::Created(Some(version))) => version,
            other => panic!("nothing was created: {other:?}"),
        }
    }

    fn data(&self, number: u32) -> Option<String> {
        let loaded = block_on(self.0.load(&key(number), NOW)).unwrap();
        loaded.map(|loaded| loaded.record.session_data.as_text().unwrap().to_owned())
    }

    fn swaps(&self, number: u32, version: &Version, data: &str) -> bool {
        let swapped = block_on(self.0.swap(&key(number), version, write(data), NOW));
        matches!(swapped.unwrap(), Swapped::Swapped(_))
    }

    fn touches(&self, number: u32, version: &Version, ends: Timestamp) -> bool {
        let touched = block_on(self.0.touch(&key(number), version, ends, NOW));
        matches!(touched.unwrap(), Touched::Touched(_))
    }

    fn cycles(&self, old: u32, version: &Version, new: u32) -> bool {
        let cycled = block_on(self.0.cycle(&key(old), version, &key(new), write("cycled"), NOW));
        matches!(cycled.unwrap(), Cycled::Cycled(_))
    }

    fn deletes(&self, number: u32) -> bool {
        block_on(self.0.delete(&key(number))).unwrap()
    }

    fn clear(&self, now: Timestamp) -> u64 {
        block_on(self.0.clear_expired(now, u64::MAX, None)).unwrap().deleted
    }

    /// How many more it takes in.
    fn room(&self) -> usize {
        (1000..).take_while(|number| self.try_create(*number, "", NOW + DAY).is_ok()).count()
    }

    /// Begins something in a thread of its own.
    fn begin<T: Send + 'static>(
        &self,
        work: impl FnOnce(Self) -> T + Send + 'static,
    ) -> impl FnOnce() -> T {
        let sessions = self.clone();
        let thread = thread::spawn(move || work(sessions));
        move || thread.join().unwrap()
    }
}

fn count(outcomes: impl IntoIterator<Item = bool>) -> usize {
    outcomes.into_iter().filter(|done| *done).count()
}

/// Promise 7
#[test]
fn of_two_creations_of_one_key_one_is_made() {
    explore(|| {
        let sessions = Sessions::with_capacity(3);
        let other = sessions.begin(|sessions| sessions.try_create(1, "a", NOW + DAY).unwrap());
        let mine = sessions.try_create(1, "b", NOW + DAY).unwrap();
        let other = other();
        assert_eq!(count([mine != Created::Taken, other != Created::Taken]), 1);
        let made = if mine == Created::Taken { "a" } else { "b" };
        assert_eq!(sessions.data(1).as_deref(), Some(made));
        assert_eq!(sessions.room(), 2, "what was not made takes no room");
    });
}

/// Promise 5
#[test]
fn of_two_swaps_of_one_version_one_is_made() {
    explore(|| {
        let sessions = Sessions::with_capacity(9);
        let version = sessions.create(1, "old");
        let stated = version.clone();
        let other = sessions.begin(move |sessions| sessions.swaps(1, &stated, "a"));
        let mine = sessions.swaps(1, &version, "b");
        assert_eq!(count([mine, other()]), 1);
        assert_eq!(sessions.data(1).as_deref(), Some(if mine { "b" } else { "a" }));
    });
}

/// Promise 5
#[test]
fn of_a_swap_and_a_touch_of_one_version_one_is_made() {
    explore(|| {
        let sessions = Sessions::with_capacity(9);
        let version = sessions.create(1, "old");
        let stated = version.clone();
        let touch = sessions.begin(move |sessions| sessions.touches(1, &stated, NOW + DAY + DAY));
        let swapped = sessions.swaps(1, &version, "new");
        assert_eq!(count([swapped, touch()]), 1);
        assert_eq!(sessions.data(1).as_deref(), Some(if swapped { "new" } else { "old" }));
    });
}

/// Promise 4
#[test]
fn nothing_that_loses_against_a_deletion_brings_the_session_back() {
    explore(|| {
        let sessions = Sessions::with_capacity(3);
        let version = sessions.create(1, "old");
        let (swapped, touched) = (version.clone(), version);
        let swap = sessions.begin(move |sessions| sessions.swaps(1, &swapped, "new"));
        let touch = sessions.begin(move |sessions| sessions.touches(1, &touched, NOW + DAY + DAY));
        assert!(sessions.deletes(1));
        assert_eq!(sessions.data(1), None, "a deletion that was acknowledged");
        assert!(count([swap(), touch()]) <= 1);
        assert_eq!(sessions.data(1), None);
        assert_eq!(sessions.room(), 3);
    });
}

/// Promise 3
#[test]
fn no_swap_is_acknowledged_after_a_deletion() {
    explore(|| {
        let sessions = Sessions::with_capacity(3);
        let version = sessions.create(1, "old");
        let stated = version.clone();
        let touch = sessions.begin(move |sessions| sessions.touches(1, &stated, NOW + DAY));
        assert!(sessions.deletes(1));
        assert!(!sessions.swaps(1, &version, "new"));
        touch();
        assert_eq!(sessions.data(1), None);
    });
}

/// Promise 6
#[test]
fn of_a_cycle_a_swap_and_a_deletion_the_old_key_survives_none() {
    explore(|| {
        let sessions = Sessions::with_capacity(3);
        let version = sessions.create(1, "old");
        let (swapped, cycled) = (version.clone(), version);
        let swap = sessions.begin(move |sessions| sessions.swaps(1, &swapped, "new"));
        let cycle = sessions.begin(move |sessions| sessions.cycles(1, &cycled, 2));
        let deleted = sessions.deletes(1);
        let (swapped, cycled) = (swap(), cycle());
        assert!(count([swapped, cycled]) <= 1, "they state one version");
        assert_eq!(count([deleted, cycled]), 1, "it ends under its old key once");
        assert_eq!(sessions.data(1), None);
        assert_eq!(sessions.data(2).as_deref(), cycled.then_some("cycled"));
        assert_eq!(sessions.room(), if cycled { 2 } else { 3 });
    });
}

/// Promise 6
#[test]
fn of_two_cycles_of_one_version_one_is_made() {
    explore(|| {
        let sessions = Sessions::with_capacity(9);
        let version = sessions.create(1, "old");
        let stated = version.clone();
        let other = sessions.begin(move |sessions| sessions.cycles(1, &stated, 2));
        let (mine, other) = (sessions.cycles(1, &version, 3), other());
        assert_eq!(count([mine, other]), 1);
        let found = [1, 2, 3].map(|number| sessions.data(number).is_some());
        assert_eq!(found, [false, other, mine]);
    });
}

/// Promise 14
#[test]
fn cycles_that_cross_from_lock_to_lock_never_wait_for_each_other() {
    explore(|| {
        let sessions = Sessions::with_capacity(16);
        // Among so many keys some go from each lock to the other, in whichever way they are spread.
        let movers: Vec<_> = [1..=8, 9..=16]
            .map(|numbers| numbers.map(|number| (number, sessions.create(number, "old"))))
            .map(Iterator::collect::<Vec<_>>)
            .map(|held| {
                sessions.begin(move |sessions| {
                    count(held.iter().map(|(n, version)| sessions.cycles(*n, version, n + 16)))
                })
            })
            .into();
        assert_eq!(movers.into_iter().map(|mover| mover()).sum::<usize>(), 16);
        assert!((1..=16).all(|number| sessions.data(number).is_none()));
        assert!((17..=32).all(|number| sessions.data(number).is_some()));
    });
}

/// Promise 10
#[test]
fn no_more_are_taken_in_at_once_than_there_is_room_for() {
    explore(|| {
        let sessions = Sessions::with_capacity(2);
        let creations: Vec<_> = (1..=3)
            .map(|number| {
                sessions.begin(move |sessions| sessions.try_create(number, "", NOW + DAY).is_ok())
            })
            .collect();
        assert_eq!(count(creations.into_iter().map(|creation| creation())), 2);
        let live = (1..=3).filter(|number| sessions.data(*number).is_some()).count();
        assert_eq!((live, sessions.room()), (2, 0));
    });
}

/// Promise 10
#[test]
fn those_who_find_a_store_full_share_the_room_of_what_has_ended() {
    explore(|| {
        let sessions = Sessions::with_capacity(2);
        sessions.try_create(9, "", NOW - DAY).unwrap();
        let creations: Vec<_> = (1..=3)
            .map(|number| {
                sessions.begin(move |sessions| sessions.try_create(number, "", NOW + DAY).is_ok())
            })
            .collect();
        assert_eq!(count(creations.into_iter().map(|creation| creation())), 2);
        assert_eq!(sessions.room(), 0);
    });
}

/// Promise 8
#[test]
fn two_clearings_take_what_has_ended_once_and_nothing_else() {
    explore(|| {
        let sessions = Sessions::with_capacity(9);
        for number in 1..=2 {
            sessions.try_create(number, "", NOW - DAY).unwrap();
        }
        let version = sessions.create(3, "old");
        let moved = sessions.create(4, "old");
        let clearing = sessions.begin(|sessions| sessions.clear(NOW));
        let deletion = sessions.begin(|sessions| sessions.deletes(1));
        let writes = sessions.begin(move |sessions| {
            sessions.swaps(3, &version, "new") && sessions.cycles(4, &moved, 5)
        });
        let mine = sessions.clear(NOW);
        assert_eq!(mine + clearing() + u64::from(deletion()), 2);
        assert!(writes());
        assert_eq!(sessions.data(3).as_deref(), Some("new"));
        assert_eq!(sessions.data(5).as_deref(), Some("cycled"));
        assert_eq!(sessions.room(), 7);
    });
}

/// Promise 8
#[test]
fn a_clearing_by_a_clock_that_is_ahead_leaves_what_was_renewed() {
    explore(|| {
        let sessions = Sessions::with_capacity(3);
        let version = sessions.create(1, "old");
        let clearing = sessions.begin(|sessions| sessions.clear(NOW + DAY + DAY));
        let touched = sessions.touches(1, &version, NOW + DAY + DAY + DAY);
        assert_eq!(clearing(), u64::from(!touched));
        assert_eq!(sessions.data(1).is_some(), touched);
        assert_eq!(sessions.room(), if touched { 2 } else { 3 });
    });
}
