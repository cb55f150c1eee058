/// A part of the code that is right, and what is wrong in its place.
pub(super) struct Defect {
    pub(super) name: &'static str,
    pub(super) file: &'static str,
    pub(super) right: &'static str,
    pub(super) wrong: &'static str,
    /// The scenario that fails.
    pub(super) scenario: &'static str,
}

impl Defect {
    /// Where the scenario is.
    pub(super) fn module(&self) -> &'static str {
        if self.name.starts_with("queue") { "queue" } else { "memory" }
    }
}

const STORE: &str = "crates/lodger-backends/src/memory/store.rs";
const SHARD: &str = "crates/lodger-backends/src/memory/shard.rs";
const QUEUE: &str = "crates/lodger-manager/src/queue.rs";

const SWAP: &str = "        let version = self.next_version();
        shard.replace(key, write, now, version);";
const SWAP_UNDER_ANOTHER_LOCK: &str = "        drop(shard);
        let version = self.next_version();
        self.shard(key).replace(key, write, now, version);";

const TOUCH: &str = "        let version = self.next_version();
        shard.touch(key, expire_date, version);";
const TOUCH_UNDER_ANOTHER_LOCK: &str = "        drop(shard);
        let version = self.next_version();
        self.shard(key).touch(key, expire_date, version);";

const CYCLE: &str = "        let version = self.next_version();
        from.remove(old);
        to.as_mut().unwrap_or(&mut from).replace(new, write, now, version);";
const CYCLE_UNDER_OTHER_LOCKS: &str = "        drop((from, to));
        let version = self.next_version();
        self.shard(old).remove(old);
        self.shard(new).replace(new, write, now, version);";

const ABSENT: &str = "None => Err(Obstacle::Gone),";
const ABSENT_IS_NO_OBSTACLE: &str = "None => Ok(()),";

pub(super) const DEFECTS: &[Defect] = &[
    Defect {
        name: "memory: a change of key locks in its own order",
        file: STORE,
        right: "        let low = lock(&self.shards[from.min(to)]);
        let high = lock(&self.shards[from.max(to)]);
        if from < to { (low, Some(high)) } else { (high, Some(low)) }",
        wrong: "        let first = lock(&self.shards[from]);
        (first, Some(lock(&self.shards[to])))",
        scenario: "cycles_that_cross_from_lock_to_lock_never_wait_for_each_other",
    },
    Defect {
        name: "memory: a swap writes under another lock than it looked",
        file: STORE,
        right: SWAP,
        wrong: SWAP_UNDER_ANOTHER_LOCK,
        scenario: "of_two_swaps_of_one_version_one_is_made",
    },
    Defect {
        name: "memory: a swap that looked before a deletion writes after it",
        file: STORE,
        right: SWAP,
        wrong: SWAP_UNDER_ANOTHER_LOCK,
        scenario: "nothing_that_loses_against_a_deletion_brings_the_session_back",
    },
    Defect {
        name: "memory: a touch writes under another lock than it looked",
        file: STORE,
        right: TOUCH,
        wrong: TOUCH_UNDER_ANOTHER_LOCK,
        scenario: "of_a_swap_and_a_touch_of_one_version_one_is_made",
    },
    Defect {
        name: "memory: a touch that looked before a clearing is acknowledged after it",
        file: STORE,
        right: TOUCH,
        wrong: TOUCH_UNDER_ANOTHER_LOCK,
        scenario: "a_clearing_by_a_clock_that_is_ahead_leaves_what_was_renewed",
    },
    Defect {
        name: "memory: a change of key writes under other locks than it looked",
        file: STORE,
        right: CYCLE,
        wrong: CYCLE_UNDER_OTHER_LOCKS,
        scenario: "of_two_cycles_of_one_version_one_is_made",
    },
    Defect {
        name: "memory: a change of key that looked before a deletion writes after it",
        file: STORE,
        right: CYCLE,
        wrong: CYCLE_UNDER_OTHER_LOCKS,
        scenario: "of_a_cycle_a_swap_and_a_deletion_the_old_key_survives_none",
    },
    Defect {
        name: "memory: a creation writes under another lock than it looked",
        file: STORE,
        right: "let created = self.shard(&record.session_key.clone()).create(record, fields, now, version);",
        wrong: "let SessionRecord { session_key: key, session_data, expire_date } = record;
        let created = if self.shard(&key).contains(&key) {
            Created::Taken
        } else {
            let write = Write { session_data, expire_date, fields };
            self.shard(&key).replace(&key, write, now, version);
            Created::Created(Some(Version::from_number(version)))
        };",
        scenario: "of_two_creations_of_one_key_one_is_made",
    },
    Defect {
        name: "memory: a write makes what is not there",
        file: SHARD,
        right: ABSENT,
        wrong: ABSENT_IS_NO_OBSTACLE,
        scenario: "no_swap_is_acknowledged_after_a_deletion",
    },
    Defect {
        name: "memory: room is looked for in one step and taken in another",
        file: STORE,
        right: "self.held.fetch_update(Ordering::AcqRel, Ordering::Acquire, |held| {
                (held < self.capacity).then(|| held + 1)
            })",
        wrong: "let held = self.held.load(Ordering::Acquire);
            if held < self.capacity {
                self.held.store(held + 1, Ordering::Release);
                Ok(held)
            } else {
                Err(held)
            }",
        scenario: "no_more_are_taken_in_at_once_than_there_is_room_for",
    },
    Defect {
        name: "memory: the room of what has ended is not given back",
        file: STORE,
        right: "self.release(lock(shard).sweep(now, u64::MAX));",
        wrong: "lock(shard).sweep(now, u64::MAX);",
        scenario: "those_who_find_a_store_full_share_the_room_of_what_has_ended",
    },
    Defect {
        name: "memory: a deletion counts under another lock than it removes",
        file: STORE,
        right: "let removed = self.shard(key).remove(key);",
        wrong: "let removed = self.shard(key).contains(key);
        self.shard(key).remove(key);",
        scenario: "two_clearings_take_what_has_ended_once_and_nothing_else",
    },
    Defect {
        name: "queue: a worker sees an empty line, and leaves under another lock",
        file: QUEUE,
        right: "        let mut keys = self.lock();
        let line = keys.get_mut(key).map(std::mem::take).unwrap_or_default();
        if line.is_empty() {
            keys.remove(key);
        }",
        wrong:
            "        let line = self.lock().get_mut(key).map(std::mem::take).unwrap_or_default();
        if line.is_empty() {
            self.lock().remove(key);
        }",
        scenario: "who_comes_as_the_worker_leaves_is_served",
    },
    Defect {
        name: "queue: whether a worker runs is looked up under another lock",
        file: QUEUE,
        right: "        let mut keys = self.lock();
        match keys.get_mut(key) {",
        wrong: "        if !self.lock().contains_key(key) {
            self.lock().insert(key.clone(), Vec::new());
            return Some(waiting);
        }
        let mut keys = self.lock();
        match keys.get_mut(key) {",
        scenario: "all_that_come_at_once_are_answered_and_take_effect",
    },
    Defect {
        name: "queue: who came first works for those behind",
        file: QUEUE,
        right: "spawn(worker.work(first));",
        wrong: "let _ = spawn(async {}).await;
            worker.work(first).await;",
        scenario: "who_goes_away_takes_nothing_along",
    },
    Defect {
        name: "queue: a closure's panic is everybody's",
        file: "crates/lodger-core/src/session/operation.rs",
        right: "match catch_unwind(AssertUnwindSafe(|| (self.0)(held))) {",
        wrong: "match Ok::<_, ()>((self.0)(held)) {",
        scenario: "a_patch_that_panics_fails_alone",
    },
    Defect {
        name: "queue: a change of key goes with others",
        file: QUEUE,
        right: "group[0].job.cycle || waiting.job.cycle",
        wrong: "group[0].job.cycle",
        scenario: "a_change_of_key_in_the_line_leaves_one_live_key",
    },
    Defect {
        name: "queue: a second change of key makes another session",
        file: SHARD,
        right: ABSENT,
        wrong: ABSENT_IS_NO_OBSTACLE,
        scenario: "of_two_changes_of_key_one_is_made",
    },
    Defect {
        name: "queue: a late save makes a session that was flushed",
        file: SHARD,
        right: ABSENT,
        wrong: ABSENT_IS_NO_OBSTACLE,
        scenario: "nothing_is_saved_once_a_flush_is_acknowledged",
    },
    Defect {
        name: "queue: a worker that panics keeps its key",
        file: QUEUE,
        right: "if !self.finished {",
        wrong: "if self.finished {",
        scenario: "a_worker_that_panics_leaves_the_key_free_and_nobody_waiting",
    },
];
