//! What clients do, and what they may never see.

use std::collections::BTreeSet;
use std::sync::Arc;

use lodger_core::{
    Context, Cycled, DecodeError, Decoded, EncodeError, Loaded, SessionCodec, SessionData,
    SessionDict, SessionKey, SessionRecord, SessionStore, Span, StoreError, StoredKey, Swapped,
    Timestamp, Touched, Version, Write,
};

use super::defect::Defect;
use super::desk::Counter;
use super::world::tags;
use crate::cached_db::store::Inner;

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const DAY: Span = Span::from_secs(86_400);
/// What another session holds.
const ANOTHERS: &str = "another's";

pub(super) type Store = Arc<Inner<Counter, Counter>>;

/// One operation of a client's.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operation {
    Load,
    /// Loads when everybody is done.
    LookLast,
    /// Loads, appends its tag to what it found, and swaps until it is the first.
    Save(char),
    Touch,
    Delete,
    /// Loads, and moves what it found to the other key.
    Cycle,
    /// The same, and draws a key first that another session has.
    Collide,
}

/// What has been acknowledged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Facts {
    /// The tags of saves.
    pub(super) saved: BTreeSet<char>,
    /// Whether the session was ended under its first key, by a deletion or a change of key.
    pub(super) ended: bool,
    /// Whether it was moved to the other key.
    pub(super) moved: bool,
}

/// What a scenario holds the store to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    /// A read that begins after a save was acknowledged shows it.
    pub(super) fresh: bool,
    /// A read that begins after the end was acknowledged shows nothing.
    pub(super) final_end: bool,
    /// Nobody ends the session.
    pub(super) lives: bool,
}

pub(super) fn key(name: &str) -> StoredKey {
    StoredKey::from(&SessionKey::parse(name, 40).expect("it is long enough"))
}

pub(super) fn first_key() -> StoredKey {
    key("first-key")
}

pub(super) fn other_key() -> StoredKey {
    key("other-key")
}

pub(super) fn taken_key() -> StoredKey {
    key("taken-key")
}

/// What is there in the beginning: the session, and another one.
pub(super) fn first_rows() -> [SessionRecord; 2] {
    [(first_key(), "-"), (taken_key(), ANOTHERS)].map(|(session_key, text)| {
        let session_data = SessionData::from_text(text);
        SessionRecord { session_key, session_data, expire_date: NOW + DAY }
    })
}

/// Any text is a session, and its own encoding.
pub(super) struct TagCodec;

impl SessionCodec for TagCodec {
    fn encode(&self, dict: &SessionDict, _: &Context<'_>) -> Result<SessionData, EncodeError> {
        let text = dict.get::<String>("tags").ok().flatten();
        Ok(SessionData::from_text(text.expect("all sessions have tags")))
    }

    fn decode(&self, data: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        let mut dict = SessionDict::new();
        dict.insert("tags", tags(data)).expect("a text has a JSON form");
        Ok(Decoded { dict, stamp: None })
    }
}

/// A client of the store.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) store: Store,
    pub(super) counter: Counter,
    pub(super) held: Held,
}

impl Client {
    /// Carries out a program. A call that fails ends it.
    pub(super) async fn run(self, program: Vec<Operation>) {
        for operation in program {
            self.counter.desk().begun = None;
            let done = match operation {
                Operation::Load => self.load().await.map(drop),
                Operation::LookLast => self.look_last().await,
                Operation::Save(tag) => self.save(tag).await,
                Operation::Touch => self.touch().await,
                Operation::Delete => self.delete().await,
                Operation::Cycle => self.cycle(other_key()).await,
                Operation::Collide => self.cycle(taken_key()).await,
            };
            if done.is_err() {
                self.violate(format!("{operation:?} failed though its row could be reached"));
            }
        }
    }

    fn violate(&self, what: String) {
        self.counter.desk().violation.get_or_insert(what);
    }

    fn begun(&self) -> Facts {
        self.counter.desk().begun.clone().expect("a step was taken since it began")
    }

    async fn load(&self) -> Result<Option<Loaded>, StoreError> {
        let loaded = self.store.load(&first_key(), NOW).await?;
        let begun = self.begun();
        match &loaded {
            None => self.expect_end(),
            Some(_) if begun.ended && self.held.final_end => {
                self.violate("a load shows a session that was ended before".into());
            }
            Some(loaded) => self.expect_data(tags(&loaded.record.session_data), &begun),
        }
        Ok(loaded)
    }

    /// What is shown must have been stored, and must not be older than what was acknowledged.
    fn expect_data(&self, shown: &str, begun: &Facts) {
        if !self.counter.desk().world.stored(shown) {
            self.violate("a load shows what was never stored".into());
        }
        let missing = begun.saved.iter().find(|tag| !shown.contains(**tag));
        if let Some(tag) = missing.filter(|_| self.held.fresh) {
            self.violate(format!("a load misses {tag}, which was saved before"));
        }
    }

    /// What is not there must have been ended.
    fn expect_end(&self) {
        if self.held.lives || self.counter.desk().world.row(&first_key()).is_some() {
            self.violate("a session is not found though nobody has ended it".into());
        }
    }

    /// Loads what a write begins with: its data, and the version to state.
    async fn load_for_write(&self) -> Result<Option<(String, Version)>, StoreError> {
        let mut loaded = self.load().await?;
        if loaded.as_ref().is_some_and(|loaded| loaded.version.is_none()) {
            loaded = self.counter.load(&first_key(), NOW).await?;
        }
        Ok(loaded.map(|loaded| base(&loaded)))
    }

    async fn save(&self, tag: char) -> Result<(), StoreError> {
        let mut found = self.load_for_write().await?;
        while let Some((shown, version)) = found {
            let (key, write) = (first_key(), write(format!("{shown}{tag}")));
            let swapped = self.store.swap(&key, &version, write, NOW);
            found = match self.detached(swapped).await? {
                Swapped::Swapped(_) => {
                    self.acknowledge(|known| known.saved.extend([tag]));
                    if self.begun().ended {
                        self.violate("a save succeeds after the session was ended".into());
                    }
                    return Ok(());
                }
                Swapped::Moved(loaded) => Some(base(&loaded)),
                Swapped::Gone => None,
            };
        }
        self.expect_end();
        Ok(())
    }

    async fn touch(&self) -> Result<(), StoreError> {
        let mut found = self.load_for_write().await?;
        while let Some((_, version)) = found {
            let (key, until) = (first_key(), NOW + DAY + DAY);
            let touched = self.store.touch(&key, &version, until, NOW);
            found = match self.detached(touched).await? {
                Touched::Moved(loaded) => Some(base(&loaded)),
                Touched::Touched(_) if self.begun().ended => {
                    self.violate("a touch succeeds after the session was ended".into());
                    None
                }
                Touched::Touched(_) | Touched::Gone => None,
            };
        }
        Ok(())
    }

    async fn delete(&self) -> Result<(), StoreError> {
        self.detached(self.store.delete(&first_key())).await?;
        self.acknowledge(|known| known.ended = true);
        Ok(())
    }

    async fn cycle(&self, mut new: StoredKey) -> Result<(), StoreError> {
        let mut found = self.load_for_write().await?;
        while let Some((shown, version)) = found {
            let (old, write) = (first_key(), write(shown.clone()));
            let cycled = self.store.cycle(&old, &version, &new, write, NOW);
            found = match self.detached(cycled).await? {
                Cycled::Cycled(_) => {
                    self.acknowledge(|known| (known.ended, known.moved) = (true, true));
                    None
                }
                Cycled::Moved(loaded) => Some(base(&loaded)),
                Cycled::Taken if new == other_key() => {
                    self.violate("a key that nobody has is taken".into());
                    None
                }
                Cycled::Taken => {
                    new = other_key();
                    Some((shown, version))
                }
                Cycled::Gone => None,
            };
        }
        Ok(())
    }

    /// The store runs writes in tasks of their own.
    async fn detached<T>(&self, write: impl Future<Output = T>) -> T {
        {
            let mut desk = self.counter.desk();
            desk.detached = desk.world.defect != Defect::WritesLeaveWithTheirCaller;
        }
        let outcome = write.await;
        self.counter.desk().detached = false;
        outcome
    }

    fn acknowledge(&self, what: impl FnOnce(&mut Facts)) {
        what(&mut self.counter.desk().known);
    }

    /// Who comes when everybody is done finds what is stored.
    async fn look_last(&self) -> Result<(), StoreError> {
        let loaded = self.load().await?;
        let shown = loaded.as_ref().map(|loaded| tags(&loaded.record.session_data).to_owned());
        let desk = self.counter.desk();
        let stored = desk.world.row(&first_key()).map(|row| tags(&row.session_data).to_owned());
        drop(desk);
        if self.held.fresh && shown != stored {
            self.violate("in the end a load shows something else than what is stored".into());
        }
        Ok(())
    }

    /// What has to be true when everybody is done, before anybody looks again.
    pub(super) fn look_at_the_end(&self) {
        let desk = self.counter.desk();
        let (first, other) = (desk.world.row(&first_key()), desk.world.row(&other_key()));
        let known = desk.known.clone();
        let row = if known.moved { other } else { first };
        let shown = row.map(|row| tags(&row.session_data).to_owned());
        let both = first.is_some() && other.is_some();
        let alive = known.ended && first.is_some();
        let gone = self.held.lives && first.is_none();
        let another = desk.world.row(&taken_key()).map(|row| tags(&row.session_data));
        let overwritten = another != Some(ANOTHERS);
        drop(desk);
        if gone {
            self.violate("a session has no row though nobody has ended it".into());
        } else if overwritten {
            self.violate("another session was overwritten".into());
        } else if both {
            self.violate("both keys are live after a change of key".into());
        } else if alive {
            self.violate("a session that was ended has a row".into());
        } else if known.moved && shown.is_none() {
            self.violate("neither key is live after a change of key".into());
        }
        let lost = |shown: &String| known.saved.iter().find(|tag| !shown.contains(**tag)).copied();
        if let Some(tag) = shown.as_ref().and_then(lost) {
            self.violate(format!("the save of {tag} was acknowledged and is lost"));
        }
    }
}

fn base(loaded: &Loaded) -> (String, Version) {
    let version = loaded.version.clone().expect("what the table gives has a version");
    (tags(&loaded.record.session_data).to_owned(), version)
}

fn write(text: String) -> Write {
    let session_data = SessionData::from_text(text);
    Write { session_data, expire_date: NOW + DAY, fields: SessionDict::new() }
}
