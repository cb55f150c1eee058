//! How long a connection owes a reply that nobody waits for any more.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// How long a server may be silent before its connection is taken to be dead. Nobody tells us: the
/// kernel gives up what was sent only after many minutes.
const PATIENCE: Duration = Duration::from_secs(1);

/// What was heard on a connection. Replies come in the order of what was asked.
#[derive(Default)]
pub(super) struct Silence(Mutex<Heard>);

#[derive(Default)]
struct Heard {
    last: Option<Instant>,
    /// Since when a reply is owed whose caller has given up.
    owed_since: Option<Instant>,
}

/// A reply that is waited for. Whoever drops it without having it has given up.
pub(super) struct Awaited {
    silence: Arc<Silence>,
    sent: Instant,
    is_here: bool,
}

impl Silence {
    /// Something is sent now.
    pub(super) fn asked(self: &Arc<Self>) -> Awaited {
        Awaited { silence: Arc::clone(self), sent: Instant::now(), is_here: false }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.heard().owed_since.is_some_and(|since| since.elapsed() > PATIENCE)
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Awaited {
    /// It is here.
    pub(super) fn here(mut self) {
        self.is_here = true;
        *self.silence.heard() = Heard { last: Some(Instant::now()), owed_since: None };
    }
}

impl Drop for Awaited {
    fn drop(&mut self) {
        if self.is_here {
            return;
        }
        let mut heard = self.silence.heard();
        // What was heard after it was sent shows that the connection was alive then.
        let since = heard.last.map_or(self.sent, |last| last.max(self.sent));
        let earliest = heard.owed_since.map_or(since, |before| before.min(since));
        heard.owed_since = Some(earliest);
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn it_is_too_long_once_a_reply_is_owed_for_a_second() {
        let silence = Arc::new(Silence::default());
        drop(silence.asked());
        advance(Duration::from_millis(900)).await;
        assert!(!silence.is_too_long());
        // The earliest counts.
        drop(silence.asked());
        advance(Duration::from_millis(200)).await;
        assert!(silence.is_too_long());
    }

    #[tokio::test(start_paused = true)]
    async fn any_reply_ends_it() {
        let silence = Arc::new(Silence::default());
        let (first, second) = (silence.asked(), silence.asked());
        advance(Duration::from_secs(9)).await;
        first.here();
        drop(second);
        assert!(!silence.is_too_long(), "there was a reply just now");
        silence.asked().here();
        advance(Duration::from_secs(9)).await;
        assert!(!silence.is_too_long(), "nothing is owed");
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_waits_is_not_silent() {
        let silence = Arc::new(Silence::default());
        let patient = silence.asked();
        advance(Duration::from_secs(9)).await;
        assert!(!silence.is_too_long());
        drop(patient);
        assert!(silence.is_too_long());
    }
}
