//! Changes of key that are under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use lodger_core::StoreError;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

/// The new names of sessions whose old names may still be live.
///
/// Nobody but this process knows them yet, and here they are not loaded until it is settled: else who
/// gave up waiting for a change of key could find the new key live, and hand it out beside the old
/// one.
#[derive(Default)]
pub(super) struct Settling(Mutex<HashMap<String, watch::Receiver<()>>>);

/// A change of key that is under way, until it is dropped.
pub(super) struct Unsettled {
    name: String,
    all: Arc<Settling>,
    /// Those who wait are woken when it is dropped.
    _waited_for: watch::Sender<()>,
    given_up: bool,
}

impl Settling {
    pub(super) fn begin(self: &Arc<Self>, name: &str) -> Unsettled {
        let (sender, receiver) = watch::channel(());
        self.names().insert(name.to_owned(), receiver);
        let all = Arc::clone(self);
        Unsettled { name: name.to_owned(), all, _waited_for: sender, given_up: false }
    }

    /// Waits until no change to this name is under way.
    pub(super) async fn settled(&self, name: &str, until: Instant) -> Result<(), StoreError> {
        let Some(mut change) = self.names().get(name).cloned() else { return Ok(()) };
        // It ends with the sender.
        let _ = timeout_at(until, change.changed()).await;
        match self.names().contains_key(name) {
            true => Err(StoreError::unavailable("the change of the session's key is not settled")),
            false => Ok(()),
        }
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<()>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Unsettled {
    /// The new record cannot be taken back now: this process will never load it.
    pub(super) fn give_up(mut self) {
        self.given_up = true;
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        if !self.given_up {
            self.all.names().remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn until(millis: u64) -> Instant {
        Instant::now() + Duration::from_millis(millis)
    }

    #[tokio::test]
    async fn a_name_is_waited_for_until_it_is_settled() {
        let settling = Arc::new(Settling::default());
        let unsettled = settling.begin("new");
        assert!(settling.settled("other", until(0)).await.is_ok());
        assert!(settling.settled("new", until(5)).await.is_err());
        let waiting = Arc::clone(&settling);
        let waiter = tokio::spawn(async move { waiting.settled("new", until(10_000)).await });
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(!waiter.is_finished());
        drop(unsettled);
        assert!(waiter.await.unwrap().is_ok());
        assert!(settling.settled("new", until(0)).await.is_ok());
    }

    #[tokio::test]
    async fn what_was_given_up_is_never_settled() {
        let settling = Arc::new(Settling::default());
        settling.begin("new").give_up();
        assert!(settling.settled("new", until(10_000)).await.is_err());
    }
}
