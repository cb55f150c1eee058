//! What the store was asked lately.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger::core::StoredKey;
use serde::Serialize;

/// How many calls are remembered; older ones are forgotten.
const CAPACITY: usize = 4096;

/// A call to the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Call {
    Load,
    Create,
    Swap,
    Touch,
    Cycle,
    Delete,
}

/// One call, and what came of it.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) call: Call,
    pub(crate) outcome: &'static str,
    pub(crate) duration: Duration,
    /// The keys it was about: two when the key changed.
    pub(crate) keys: Vec<StoredKey>,
}

/// A point in the journal: what comes later is after it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mark(u64);

/// The latest calls to the store, in the order in which they were answered.
#[derive(Default)]
pub(crate) struct Journal(Mutex<Ring>);

#[derive(Default)]
struct Ring {
    /// How many entries were ever made.
    count: u64,
    entries: VecDeque<Entry>,
}

impl Journal {
    pub(crate) fn note(&self, entry: Entry) {
        let mut ring = self.lock();
        if ring.entries.len() == CAPACITY {
            ring.entries.pop_front();
        }
        ring.entries.push_back(entry);
        ring.count += 1;
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark(self.lock().count)
    }

    /// The calls since a mark that were about one of these keys.
    ///
    /// A commit runs in a task of its own and may serve several requests of one session at once, so
    /// calls are told apart by key and time: those of another request of the same session that ran
    /// meanwhile are among them.
    pub(crate) fn since(&self, mark: Mark, keys: &[StoredKey]) -> Vec<Entry> {
        let ring = self.lock();
        let newer = usize::try_from(ring.count - mark.0).unwrap_or(usize::MAX);
        let older = ring.entries.len().saturating_sub(newer);
        ring.entries
            .range(older..)
            .filter(|entry| entry.keys.iter().any(|key| keys.contains(key)))
            .cloned()
            .collect()
    }

    fn lock(&self) -> MutexGuard<'_, Ring> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str) -> StoredKey {
        StoredKey::from(name.to_owned())
    }

    fn entry(call: Call, name: &str) -> Entry {
        Entry { call, outcome: "found", duration: Duration::ZERO, keys: vec![key(name)] }
    }

    fn calls(journal: &Journal, mark: Mark, name: &str) -> Vec<Call> {
        journal.since(mark, &[key(name)]).iter().map(|entry| entry.call).collect()
    }

    #[test]
    fn only_calls_since_the_mark_and_of_the_key_are_given() {
        let journal = Journal::default();
        journal.note(entry(Call::Load, "mine"));
        let mark = journal.mark();
        journal.note(entry(Call::Delete, "other"));
        journal.note(entry(Call::Swap, "mine"));
        assert_eq!(calls(&journal, mark, "mine"), [Call::Swap]);
        assert_eq!(calls(&journal, journal.mark(), "mine"), []);
    }

    #[test]
    fn the_journal_forgets_what_is_old() {
        let journal = Journal::default();
        let mark = journal.mark();
        journal.note(entry(Call::Create, "mine"));
        for _ in 0..2 * CAPACITY {
            journal.note(entry(Call::Load, "other"));
        }
        assert_eq!(calls(&journal, mark, "mine"), []);
        assert_eq!(calls(&journal, mark, "other").len(), CAPACITY);
    }
}
