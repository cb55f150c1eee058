//! Whoever loads, saves, changes keys and logs out while something fails.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use lodger_core::{AnyStore, CommitError, LoadError, SessionKey, StoreError};

use super::dice::Dice;
use super::ledger::{Deed, Event};
use crate::site::{Site, Visit};

/// After so many saves a visitor logs out, so that sessions stay small.
const LONGEST: u64 = 40;

/// Tags that nobody else gets.
#[derive(Clone, Default)]
pub struct Tags(Arc<AtomicU64>);

impl Tags {
    /// From this one on.
    #[must_use]
    pub fn from(first: u64) -> Self {
        Self(Arc::new(AtomicU64::new(first)))
    }

    /// The next one.
    #[must_use]
    pub fn next(&self) -> u64 {
        self.0.fetch_add(1, Ordering::SeqCst)
    }
}

/// A visitor with one session at a time.
pub struct Visitor {
    key: Option<SessionKey>,
    tags: Tags,
    dice: Dice,
    saves: u64,
}

impl Visitor {
    /// With the key of a session, or none.
    #[must_use]
    pub const fn new(key: Option<SessionKey>, tags: Tags, dice: Dice) -> Self {
        Self { key, tags, dice, saves: 0 }
    }

    /// Visits the site once, and tells what happens; whether the store answered.
    pub async fn visit(
        &mut self,
        site: &Site<AnyStore>,
        mut tell: impl FnMut(Event) + Send,
    ) -> bool {
        let deed = self.choose();
        tell(Event::Began(deed));
        let visit = match site.try_visit(self.key.as_ref()).await {
            Ok(visit) => visit,
            Err(LoadError::Unavailable(StoreError::Unavailable { .. })) => {
                tell(Event::Unavailable);
                return false;
            }
            Err(error) => {
                tell(Event::Other(error.to_string()));
                return false;
            }
        };
        if self.key.is_some() {
            let seen = seen(&visit);
            let found = matches!(seen, Event::Found(_));
            if seen == Event::Absent {
                self.key = None;
            }
            tell(seen);
            if !found {
                return true;
            }
        }
        let ended = act(&visit, deed).await;
        match &ended {
            Event::Stored(key) => {
                self.key = SessionKey::parse(key, 128).ok();
                self.saves += 1;
            }
            Event::Removed | Event::Gone => self.key = None,
            _ => {}
        }
        let answered = !matches!(ended, Event::Unavailable | Event::Unknown);
        tell(ended);
        answered
    }

    fn choose(&mut self) -> Deed {
        if self.key.is_none() {
            self.saves = 0;
            return Deed::Begin(self.tags.next());
        }
        match self.dice.below(16) {
            _ if self.saves >= LONGEST => Deed::Flush,
            0 => Deed::Flush,
            1 | 2 => Deed::Cycle(self.tags.next()),
            _ => Deed::Append(self.tags.next()),
        }
    }
}

/// What a visitor finds in the session.
#[must_use]
pub fn seen(visit: &Visit) -> Event {
    match (visit.get::<Vec<u64>>("tags"), visit.get::<Vec<u64>>("copies")) {
        (Ok(Some(tags)), Ok(Some(copies))) => {
            // Both were written together, each time.
            if copies.iter().all(|copy| Some(copy) == tags.last()) {
                Event::Found(tags)
            } else {
                Event::Other("half of a save is there".to_owned())
            }
        }
        (Ok(None), Ok(None)) => Event::Absent,
        _ => Event::Other("a session is there that nobody saved".to_owned()),
    }
}

/// Does a deed and ends the visit; what was told.
pub async fn act(visit: &Visit, deed: Deed) -> Event {
    let edited = match deed {
        Deed::Begin(tag) | Deed::Append(tag) => save(visit, tag),
        Deed::Cycle(tag) => save(visit, tag).and_then(|()| visit.cycle_key()),
        Deed::Flush => visit.flush(),
    };
    if let Err(error) = edited {
        return Event::Other(error.to_string());
    }
    match visit.end().await {
        Ok(None) if deed == Deed::Flush => Event::Removed,
        Ok(Some(cookie)) => match cookie.value.session_key(128) {
            Ok(key) => Event::Stored(key.expose().to_owned()),
            Err(_) => Event::Other("the cookie holds no key".to_owned()),
        },
        Ok(None) => Event::Other("nothing was stored".to_owned()),
        Err(CommitError::Gone(_)) => Event::Gone,
        Err(CommitError::Unknown(_)) => Event::Unknown,
        Err(
            CommitError::Unavailable(_)
            | CommitError::Contended
            | CommitError::Load(_)
            | CommitError::Rng(_),
        ) => Event::Unavailable,
        Err(error) => Event::Other(error.to_string()),
    }
}

fn save(visit: &Visit, tag: u64) -> Result<(), lodger_core::EditError> {
    visit.append("tags", &tag)?;
    // Longer than a page now and then, and rarely twice of one length.
    let copies = usize::try_from(20 + tag % 977).expect("it is small");
    visit.insert("copies", &vec![tag; copies])
}
