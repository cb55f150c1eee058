//! Changes of key that are under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_core::StoreError;
use tokio::sync::watch;
use tokio::time::{Instant, timeout};

use crate::patience::bounded;

/// The new names of sessions whose old names may still be live.
///
/// Nobody but this process knows them yet, and here they are not loaded until it is settled: else who
/// gave up waiting for a change of key could find the new key live, and hand it out beside the old
/// one.
#[derive(Default)]
pub(crate) struct Settling(Mutex<HashMap<String, Change>>);

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
    _waited_for: watch::Sender<()>,
    gone_at: Option<Instant>,
}

impl Settling {
    pub(crate) fn begin(self: &Arc<Self>, name: &str) -> Unsettled {
        let (sender, end) = watch::channel(());
        let mut names = self.names();
        names.retain(|_, change| !change.is_gone());
        names.insert(name.to_owned(), Change { end, gone_at: None });
        drop(names);
        let all = Arc::clone(self);
        Unsettled { name: name.to_owned(), all, _waited_for: sender, gone_at: None }
    }

    /// Waits until no change to this name is under way, so long at most.
    pub(crate) async fn settled(&self, name: &str, patience: Duration) -> Result<(), StoreError> {
        let Some(mut change) = self.names().get(name).cloned() else { return Ok(()) };
        // It ends with the sender.
        let _ = timeout(patience, change.end.changed()).await;
        match self.names().get(name) {
            Some(change) if !change.is_gone() => {
                Err(StoreError::unavailable("the change of the session's key is not settled"))
            }
            _ => Ok(()),
        }
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, Change>> {
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
        match names.get_mut(&self.name) {
            Some(change) if self.gone_at.is_some() => change.gone_at = self.gone_at,
            _ => drop(names.remove(&self.name)),
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
