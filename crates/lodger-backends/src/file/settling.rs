//! New names that the disk may not hold yet.

use std::collections::{HashMap, HashSet};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use lodger_core::StoreError;

use super::failure::unsettled_key;

/// The new names that are there, or about to be, and that the disk may not hold yet.
///
/// Nobody but this process knows them, and here they are not loaded until it is settled: else who got
/// an error, or gave up waiting, could find the new key in memory, and hand out a session that a loss
/// of power takes away.
#[derive(Debug, Default)]
pub(super) struct Settling {
    names: Mutex<Names>,
    ended: Condvar,
}

#[derive(Debug, Default)]
struct Names {
    under_way: HashSet<String>,
    /// Those that the disk has neither held nor surely given up, each with the failure it came from.
    left: HashMap<String, u64>,
    /// How many new names failed.
    failures: u64,
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
        self.names().under_way.insert(name.to_owned());
        Unsettled { all: self, name, settled: false }
    }

    /// Waits until the name is not under way; gives how many new names have failed.
    pub(super) fn settled(&self, name: &str, deadline: Instant) -> Result<u64, StoreError> {
        let mut names = self.names();
        while names.under_way.contains(name) {
            let Some(left) = deadline.checked_duration_since(Instant::now()) else { break };
            let waited = self.ended.wait_timeout(names, left);
            (names, _) = waited.unwrap_or_else(PoisonError::into_inner);
        }
        if names.is_unsettled(name) { Err(unsettled_key()) } else { Ok(names.failures) }
    }

    /// Whether what was seen of the name since [`settled`](Self::settled) can be told.
    pub(super) fn is_still_settled(&self, name: &str, failures: u64) -> bool {
        let names = self.names();
        !names.is_unsettled(name) && names.failures == failures
    }

    /// To be asked before a flush, and told to [`flushed`](Self::flushed) after it.
    pub(super) fn failures(&self) -> u64 {
        self.names().failures
    }

    /// The disk holds what was done before so many failures were counted.
    pub(super) fn flushed(&self, failures: u64) {
        self.names().left.retain(|_, failure| *failure > failures);
    }

    fn names(&self) -> MutexGuard<'_, Names> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Names {
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
        let mut names = self.all.names();
        if let Some(name) = names.under_way.take(self.name)
            && !self.settled
        {
            names.failures += 1;
            let failure = names.failures;
            names.left.insert(name, failure);
        }
        drop(names);
        self.all.ended.notify_all();
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
}
