//! New names and removals that the disk may not hold yet.

use std::collections::{HashMap, HashSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use lodger_core::StoreError;

use super::failure::unsettled_key;

/// What was done in the folder, or is about to be, and the disk may not hold yet.
///
/// New names: nobody but this process knows them, and here they are not loaded until it is settled: else who got
/// an error, or gave up waiting, could find the new key in memory, and hand out a session that a loss
/// of power takes away.
///
/// Removals: a file that is not there may come back with a loss of power, so that nobody is told that
/// it is gone before the folder was flushed.
#[derive(Debug, Default)]
pub(super) struct Settling {
    changes: Mutex<Changes>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct Changes {
    under_way: HashSet<String>,
    /// Those that the disk has neither held nor surely given up, each with the failure it came from.
    left: HashMap<String, u64>,
    /// How many removals are under way.
    removals: usize,
    /// The last failure that a removal came from, until the disk holds it.
    removal_left: Option<u64>,
    /// How many new names and removals failed.
    failures: u64,
}

/// A removal that is under way until this is dropped. Unless it was settled, it has failed.
pub(super) struct Removal<'a> {
    all: &'a Settling,
    settled: bool,
}

/// A new name that is under way until this is dropped. Unless it was settled, it has failed.
pub(super) struct Unsettled<'a> {
    all: &'a Settling,
    name: &'a str,
    settled: bool,
}

impl Settling {
    /// To be called before the name is there.
    pub(super) fn begin<'a>(&'a self, name: &'a str) -> Unsettled<'a> {
        self.changes().under_way.insert(name.to_owned());
        Unsettled { all: self, name, settled: false }
    }

    /// Waits until the name is not under way; gives how many new names have failed.
    pub(super) fn settled(&self, name: &str, deadline: Instant) -> Result<u64, StoreError> {
        let mut changes = self.changes();
        while changes.under_way.contains(name) {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { break };
            let waited = self.ended.wait_timeout(changes, left);
            (changes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if changes.is_unsettled(name) { Err(unsettled_key()) } else { Ok(changes.failures) }
    }

    /// Whether what was seen of the name since [`settled`](Self::settled) can be told.
    pub(super) fn is_still_settled(&self, name: &str, failures: u64) -> bool {
        let changes = self.changes();
        !changes.is_unsettled(name) && changes.failures == failures
    }

    /// To be asked before a flush, and told to [`flushed`](Self::flushed) after it.
    pub(super) fn failures(&self) -> u64 {
        self.changes().failures
    }

    /// The disk holds what was done before so many failures were counted.
    pub(super) fn flushed(&self, failures: u64) {
        let mut changes = self.changes();
        changes.left.retain(|_, failure| *failure > failures);
        changes.removal_left = changes.removal_left.filter(|failure| *failure > failures);
    }

    /// To be called before a file is removed.
    pub(super) fn begin_removal(&self) -> Removal<'_> {
        self.changes().removals += 1;
        Removal { all: self, settled: false }
    }

    /// Whether what is not there may come back with a loss of power.
    pub(super) fn has_removals(&self) -> bool {
        let changes = self.changes();
        changes.removals > 0 || changes.removal_left.is_some()
    }

    fn changes(&self) -> MutexGuard<'_, Changes> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Changes {
    fn is_unsettled(&self, name: &str) -> bool {
        self.under_way.contains(name) || self.left.contains_key(name)
    }
}

impl Unsettled<'_> {
    /// The disk holds the name, or it never came to be.
    pub(super) fn settle(mut self) {
        self.settled = true;
    }
}

impl Drop for Unsettled<'_> {
    fn drop(&mut self) {
        let mut changes = self.all.changes();
        if let Some(name) = changes.under_way.take(self.name)
            && !self.settled
        {
            changes.failures += 1;
            let failure = changes.failures;
            changes.left.insert(name, failure);
        }
        drop(changes);
        self.all.ended.notify_all();
    }
}

impl Removal<'_> {
    /// The disk holds it.
    pub(super) fn settle(mut self) {
        self.settled = true;
    }
}

impl Drop for Removal<'_> {
    fn drop(&mut self) {
        let mut changes = self.all.changes();
        changes.removals -= 1;
        if !self.settled {
            changes.failures += 1;
            changes.removal_left = Some(changes.failures);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn within(millis: u64) -> Instant {
        Instant::now() + Duration::from_millis(millis)
    }

    #[test]
    fn a_name_is_waited_for_until_it_is_settled() {
        let settling = Settling::default();
        let unsettled = settling.begin("new");
        assert!(settling.settled("other", within(0)).is_ok());
        assert!(settling.settled("new", within(5)).is_err());
        thread::scope(|scope| {
            let waiter = scope.spawn(|| settling.settled("new", within(20_000)));
            thread::sleep(Duration::from_millis(5));
            assert!(!waiter.is_finished());
            unsettled.settle();
            assert!(waiter.join().unwrap().is_ok());
        });
        assert!(settling.settled("new", within(0)).is_ok());
    }

    #[test]
    fn what_failed_is_unsettled_until_a_flush_that_began_later() {
        let settling = Settling::default();
        let before = settling.settled("new", within(0)).unwrap();
        drop(settling.begin("new"));
        assert!(!settling.is_still_settled("new", before));
        assert!(settling.settled("new", within(20_000)).is_err(), "without waiting");
        settling.flushed(before);
        assert!(settling.settled("new", within(0)).is_err());
        settling.flushed(settling.failures());
        let after = settling.settled("new", within(0)).unwrap();
        assert!(settling.is_still_settled("new", after));
        assert!(!settling.is_still_settled("new", before), "it was there, and is no more");
    }

    #[test]
    fn a_removal_is_unsettled_until_it_is_flushed() {
        let settling = Settling::default();
        let removal = settling.begin_removal();
        assert!(settling.has_removals());
        removal.settle();
        assert!(!settling.has_removals());
        let before = settling.failures();
        drop(settling.begin_removal());
        settling.flushed(before);
        assert!(settling.has_removals(), "that flush began earlier");
        settling.flushed(settling.failures());
        assert!(!settling.has_removals());
    }
}
