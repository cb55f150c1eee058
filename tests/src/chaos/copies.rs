//! What a load may show that is not what is stored: copies in a cache, as far as a limit is printed.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use lodger_core::SessionKey;

/// What copies are worth while something happens to the cache.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Copies {
    /// They are what is stored.
    #[default]
    Right,
    /// They may be what was stored so long ago: the cache could not be told of a change.
    Late(Duration),
    /// Somebody puts there, past Lodger, whatever anybody stored once.
    Forged,
    /// The same, and what has ended is not shown.
    ForgedOfLive,
}

/// When something was changed, as somebody was told.
#[derive(Debug, Default)]
pub struct Changes {
    saved: HashMap<u64, Instant>,
    ended: HashMap<SessionKey, Instant>,
}

impl Changes {
    /// A save is known to be stored.
    pub fn saved(&mut self, tag: u64) {
        self.saved.insert(tag, Instant::now());
    }

    /// A session is known to have ended.
    pub fn ended(&mut self, key: &SessionKey) {
        self.ended.insert(key.clone(), Instant::now());
    }
}

impl Copies {
    /// Whether they may not show a save yet.
    #[must_use]
    pub fn may_lack(self, tag: u64, changes: &Changes) -> bool {
        match self {
            Self::Right => false,
            Self::Late(lag) => within(lag, changes.saved.get(&tag)),
            Self::Forged | Self::ForgedOfLive => true,
        }
    }

    /// Whether they may show what was saved in another session.
    #[must_use]
    pub const fn may_show_anothers(self) -> bool {
        matches!(self, Self::Forged | Self::ForgedOfLive)
    }

    /// Whether they may show a session that has ended.
    #[must_use]
    pub fn may_show_ended(self, key: &SessionKey, changes: &Changes) -> bool {
        match self {
            Self::Right | Self::ForgedOfLive => false,
            Self::Late(lag) => within(lag, changes.ended.get(key)),
            Self::Forged => true,
        }
    }
}

fn within(lag: Duration, since: Option<&Instant>) -> bool {
    since.is_some_and(|since| since.elapsed() < lag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chaos::ledger::{Deed, Event, Ledger};
    use crate::chaos::row::Tally;

    const KEY: &str = "0123456789abcdefghijklmnopqrstuv";

    fn visit(ledger: &mut Ledger, deed: Deed, event: Event) {
        ledger.note(0, Event::Began(deed));
        ledger.note(0, event);
    }

    #[test]
    fn copies_are_believed_as_far_as_a_limit_is_printed() {
        let counted = |copies, tags: &[u64]| {
            let mut ledger = Ledger::for_visitors(1);
            visit(&mut ledger, Deed::Begin(1), Event::Stored(KEY.into()));
            visit(&mut ledger, Deed::Append(2), Event::Stored(KEY.into()));
            visit(&mut ledger, Deed::Append(3), Event::Unavailable);
            ledger.trust(copies);
            ledger.note(0, Event::Found(tags.to_vec()));
            visit(&mut ledger, Deed::Flush, Event::Removed);
            ledger.risen(&ledger.dead()[0]);
            let Tally { lost, wrong, resurrected, misled, .. } = ledger.tally;
            [lost, wrong, resurrected, misled]
        };
        let (late, over) = (Copies::Late(Duration::MAX), Copies::Late(Duration::ZERO));
        assert_eq!(counted(Copies::Right, &[1]), [1, 0, 1, 0]);
        assert_eq!(counted(late, &[1]), [0, 0, 0, 2]);
        assert_eq!(counted(late, &[1, 2, 0]), [0, 1, 0, 1], "nothing of another's");
        assert_eq!(counted(over, &[1]), [1, 0, 1, 0], "and no later");
        assert_eq!(counted(Copies::Forged, &[0]), [0, 0, 0, 2]);
        assert_eq!(counted(Copies::Forged, &[3])[1], 1, "what was refused is nowhere");
        assert_eq!(counted(Copies::ForgedOfLive, &[0]), [0, 0, 1, 1]);
    }
}
