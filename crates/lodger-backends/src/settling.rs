//! Changes of key that are under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_core::StoreError;
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use crate::patience::bounded;

/// The new names of sessions whose old names may still be live.
///
/// Nobody but this process knows them yet, and here they are not loaded until it is settled: else who
/// gave up waiting for a change of key could find the new key live, and hand it out beside the old
/// one.
#[derive(Default)]
pub(crate) struct Settling(Mutex<HashMap<String, Vec<Change>>>);

#[derive(Clone)]
struct Change {
    /// Closed when it is over.
    end: watch::Receiver<()>,
    /// When the record under the new name ends by itself, once that was given up.
    gone_at: Option<Instant>,
}

/// A change of key that is under way, until it is dropped.
pub(crate) struct Unsettled {
    /// The new name.
    pub(crate) name: String,
    all: Arc<Settling>,
    /// Those who wait are woken when it is dropped.
    waited_for: watch::Sender<()>,
    gone_at: Option<Instant>,
}

impl Settling {
    pub(crate) fn begin(self: &Arc<Self>, name: &str) -> Unsettled {
        let (waited_for, end) = watch::channel(());
        let mut names = self.names();
        names.retain(|_, changes| {
            changes.retain(|change| !change.is_gone());
            !changes.is_empty()
        });
        names.entry(name.to_owned()).or_default().push(Change { end, gone_at: None });
        drop(names);
        Unsettled { name: name.to_owned(), all: Arc::clone(self), waited_for, gone_at: None }
    }

    /// Waits until no change to this name is under way, so long at most.
    pub(crate) async fn settled(&self, name: &str, patience: Duration) -> Result<(), StoreError> {
        let until = Instant::now() + bounded(patience);
        while let Some(mut change) = self.under_way(name) {
            // It ends with the sender.
            if change.gone_at.is_some() || timeout_at(until, change.end.changed()).await.is_err() {
                let reason = "the change of the session's key is not settled";
                return Err(StoreError::unavailable(reason));
            }
        }
        Ok(())
    }

    fn under_way(&self, name: &str) -> Option<Change> {
        self.names().get(name)?.iter().find(|change| !change.is_gone()).cloned()
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, Vec<Change>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    fn is_gone(&self) -> bool {
        self.gone_at.is_some_and(|at| at <= Instant::now())
    }
}

impl Unsettled {
    /// The new record cannot be taken back now: this process does not load it as long as it lives.
    pub(crate) fn give_up(mut self, lifetime: Duration) {
        self.gone_at = Some(Instant::now() + bounded(lifetime));
    }
}

impl Drop for Unsettled {
    fn drop(&mut self) {
        let mut names = self.all.names();
        let Some(changes) = names.get_mut(&self.name) else { return };
        let own = self.waited_for.subscribe();
        match changes.iter_mut().find(|change| change.end.same_channel(&own)) {
            Some(change) if self.gone_at.is_some() => change.gone_at = self.gone_at,
            _ => changes.retain(|change| !change.end.same_channel(&own)),
        }
        if changes.is_empty() {
            names.remove(&self.name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_name_is_waited_for_until_it_is_settled() {
        let settling = Arc::new(Settling::default());
        let unsettled = settling.begin("new");
        assert!(settling.settled("other", Duration::ZERO).await.is_ok());
        assert!(settling.settled("new", Duration::from_millis(5)).await.is_err());
        let waiting = Arc::clone(&settling);
        let waiter =
            tokio::spawn(async move { waiting.settled("new", Duration::from_secs(10)).await });
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(!waiter.is_finished());
        drop(unsettled);
        assert!(waiter.await.unwrap().is_ok());
        assert!(settling.settled("new", Duration::ZERO).await.is_ok());
    }

    /// A session that keeps its key for the visitor can be moved by several at once.
    #[tokio::test(start_paused = true)]
    async fn of_several_changes_to_a_name_each_is_waited_for() {
        let settling = Arc::new(Settling::default());
        let (first, second) = (settling.begin("new"), settling.begin("new"));
        let waiting = Arc::clone(&settling);
        let waiter =
            tokio::spawn(async move { waiting.settled("new", Duration::from_secs(10)).await });
        for (change, is_over) in [(first, false), (second, true)] {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(change);
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert_eq!(waiter.is_finished(), is_over);
        }
        assert!(waiter.await.unwrap().is_ok());
        assert!(settling.names().is_empty());
    }

    #[tokio::test(start_paused = true)]
    async fn what_was_given_up_is_not_settled_while_it_lives() {
        let settling = Arc::new(Settling::default());
        settling.begin("new").give_up(Duration::from_secs(60));
        settling.begin("for ever").give_up(Duration::MAX);
        tokio::time::advance(Duration::from_secs(59)).await;
        assert!(settling.settled("new", Duration::from_secs(10)).await.is_err());
        tokio::time::advance(Duration::from_secs(1)).await;
        assert!(settling.settled("new", Duration::from_secs(10)).await.is_ok());
        assert!(settling.settled("for ever", Duration::from_secs(10)).await.is_err());
        // And it takes no room for longer.
        drop(settling.begin("another"));
        assert_eq!(settling.names().len(), 1);
    }
}
