//! What visitors were told, and whether what is stored agrees with it.
//!
//! Each save of a visitor appends a number of its own, a *tag*, to a list in the session. A save that
//! was acknowledged has its tag in the list from then on, one that surely was not applied never, and
//! one of unknown outcome at most once. A session that was ended is found by nobody again.

use std::collections::BTreeSet;

use lodger_core::SessionKey;
use serde::{Deserialize, Serialize};

use super::copies::{Changes, Copies};
use super::row::Tally;

/// What a visitor does in one visit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Deed {
    /// Begins a session with this tag in it.
    Begin(u64),
    /// Appends a tag.
    Append(u64),
    /// Appends a tag and changes the key.
    Cycle(u64),
    /// Ends the session.
    Flush,
}

impl Deed {
    const fn tag(self) -> Option<u64> {
        match self {
            Self::Begin(tag) | Self::Append(tag) | Self::Cycle(tag) => Some(tag),
            Self::Flush => None,
        }
    }
}

/// What happened to a visitor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A visit began.
    Began(Deed),
    /// The session was loaded, with these tags.
    Found(Vec<u64>),
    /// It was said that there is no session under the visitor's key.
    Absent,
    /// It was stored, and this is the key from now on.
    Stored(String),
    /// The session was ended.
    Removed,
    /// It was said that surely nothing was applied.
    Unavailable,
    /// It was said that it may have been applied.
    Unknown,
    /// It was said that the session was ended while it was in use.
    Gone,
    /// It was said that there is none, or none any more, as its time may be over.
    Over,
    /// Something else was said, in these words.
    Other(String),
}

impl Event {
    /// Whether somebody must have looked at what is stored, to say so.
    const fn is_answer(&self) -> bool {
        !matches!(self, Self::Began(_) | Self::Unavailable | Self::Unknown | Self::Other(_))
    }
}

/// One visitor's side of it.
#[derive(Debug, Default)]
struct Account {
    live: Option<Session>,
    began: Option<Deed>,
    /// Whether that was while nothing could answer.
    began_in_vain: bool,
}

/// A session that somebody has the key of.
#[derive(Debug)]
struct Session {
    key: SessionKey,
    acknowledged: BTreeSet<u64>,
    unknown: BTreeSet<u64>,
    /// Whether its key may have been changed without anybody being told.
    may_have_moved: bool,
    /// Whether it may have been ended so.
    may_have_ended: bool,
    /// Whether nothing is under way any more that could do either: found once more, it has not happened.
    is_settled: bool,
}

impl Session {
    fn begun(key: SessionKey, tag: u64) -> Self {
        Self {
            key,
            acknowledged: [tag].into(),
            unknown: BTreeSet::new(),
            may_have_moved: false,
            may_have_ended: false,
            is_settled: false,
        }
    }
}

/// The accounts of all visitors.
#[derive(Debug, Default)]
pub struct Ledger {
    accounts: Vec<Account>,
    /// Keys of sessions that were ended, as somebody was told.
    dead: Vec<SessionKey>,
    /// Keys of sessions that were found to have ended, after it was said that they may have.
    seen_dead: Vec<SessionKey>,
    /// Sessions that were said to be absent though nobody had ended them.
    vanished: Vec<Session>,
    refused: BTreeSet<u64>,
    last_tag: u64,
    /// Whether there is nothing that could answer.
    is_down: bool,
    /// What is said of copies for now.
    copies: Copies,
    changes: Changes,
    /// What was counted.
    pub tally: Tally,
}

impl Ledger {
    /// For so many visitors.
    #[must_use]
    pub fn for_visitors(visitors: usize) -> Self {
        Self { accounts: (0..visitors).map(|_| Account::default()).collect(), ..Self::default() }
    }

    /// The key that a visitor has.
    #[must_use]
    pub fn key(&self, visitor: usize) -> Option<&SessionKey> {
        self.accounts[visitor].live.as_ref().map(|session| &session.key)
    }

    /// The highest tag that a visit began with.
    #[must_use]
    pub const fn last_tag(&self) -> u64 {
        self.last_tag
    }

    /// Notes what happened to a visitor.
    pub fn note(&mut self, visitor: usize, event: Event) {
        let Account { began, began_in_vain, .. } = self.accounts[visitor];
        if let Some(deed) = began.filter(|_| self.is_down && began_in_vain && event.is_answer()) {
            self.tally
                .wrong(format!("visitor {visitor}: nothing could answer {deed:?}, and it was"));
        }
        match event {
            Event::Began(deed) => {
                self.last_tag = self.last_tag.max(deed.tag().unwrap_or(0));
                let account = &mut self.accounts[visitor];
                (account.began, account.began_in_vain) = (Some(deed), self.is_down);
            }
            Event::Found(tags) => self.found(visitor, &tags),
            Event::Absent => self.absent(visitor),
            ended => {
                let deed = self.accounts[visitor].began.take();
                match deed {
                    Some(deed) => self.ended(visitor, deed, ended),
                    None => self
                        .tally
                        .wrong(format!("visitor {visitor}: nothing began, and ended: {ended:?}")),
                }
            }
        }
    }

    /// From now on there is nothing that could answer, or there may be.
    pub const fn set_down(&mut self, is_down: bool) {
        self.is_down = is_down;
    }

    /// From now on copies are worth so much.
    pub const fn trust(&mut self, copies: Copies) {
        self.copies = copies;
    }

    /// Whoever was about to be told something was killed: what they had begun may have been applied.
    pub fn cut_off(&mut self) {
        for visitor in 0..self.accounts.len() {
            self.gave_up(visitor);
        }
    }

    /// A visitor waits no longer: what they had begun may have been applied, or may yet be.
    pub fn gave_up(&mut self, visitor: usize) {
        if self.accounts[visitor].began.is_some() {
            self.note(visitor, Event::Unknown);
        }
    }

    /// A visitor leaves a session whose time may be over.
    pub fn leave(&mut self, visitor: usize) {
        self.accounts[visitor].live = None;
    }

    /// What was under way has come to its end, since who was to do it was killed.
    pub fn settle(&mut self) {
        for session in self.accounts.iter_mut().filter_map(|account| account.live.as_mut()) {
            session.is_settled = true;
        }
    }

    fn found(&mut self, visitor: usize, tags: &[u64]) {
        let Some(session) = &mut self.accounts[visitor].live else {
            return self
                .tally
                .wrong(format!("visitor {visitor}: {tags:?} are there, and nothing had begun"));
        };
        if std::mem::take(&mut session.is_settled) {
            (session.may_have_moved, session.may_have_ended) = (false, false);
        }
        let seen: BTreeSet<u64> = tags.iter().copied().collect();
        // What is seen once stays.
        let landed: Vec<u64> = session.unknown.intersection(&seen).copied().collect();
        for tag in landed {
            session.unknown.remove(&tag);
            session.acknowledged.insert(tag);
            self.changes.saved(tag);
        }
        let lost: Vec<u64> = session.acknowledged.difference(&seen).copied().collect();
        let foreign: Vec<u64> = seen.difference(&session.acknowledged).copied().collect();
        let late = lost.iter().all(|tag| self.copies.may_lack(*tag, &self.changes));
        let anothers = foreign.iter().all(|tag| {
            self.copies.may_show_anothers() && !self.refused.contains(tag) && *tag <= self.last_tag
        });
        if late && anothers && lost.len() + foreign.len() > 0 {
            self.tally.misled += 1;
            return;
        }
        for tag in &lost {
            session.acknowledged.remove(tag);
        }
        self.tally.lost += lost.len() as u64;
        self.tally.torn += lost.len() as u64;
        if !lost.is_empty() {
            self.tally.finding(format!("visitor {visitor}: acknowledged {lost:?} are not there"));
        }
        for tag in foreign {
            let refused = self.refused.contains(&tag);
            self.tally
                .wrong(format!("visitor {visitor}: {tag} is there, and was refused: {refused}"));
        }
        if seen.len() < tags.len() {
            self.tally.wrong(format!("visitor {visitor}: one of {tags:?} was applied twice"));
        }
    }

    fn absent(&mut self, visitor: usize) {
        self.accounts[visitor].began = None;
        let Some(session) = self.accounts[visitor].live.take() else { return };
        if session.may_have_moved || session.may_have_ended {
            self.changes.ended(&session.key);
            self.seen_dead.push(session.key);
        } else {
            self.vanished.push(session);
        }
    }

    fn ended(&mut self, visitor: usize, deed: Deed, event: Event) {
        match event {
            Event::Stored(key) => self.stored(visitor, deed, &key),
            Event::Removed => {
                self.tally.acknowledged += 1;
                if let Some(session) = self.accounts[visitor].live.take() {
                    self.changes.ended(&session.key);
                    self.dead.push(session.key);
                }
            }
            Event::Unavailable => {
                self.tally.unavailable += 1;
                self.refused.extend(deed.tag());
            }
            Event::Unknown => {
                self.tally.unknown += 1;
                if let Some(session) = &mut self.accounts[visitor].live {
                    session.unknown.extend(deed.tag());
                    session.may_have_moved |= matches!(deed, Deed::Cycle(_));
                    session.may_have_ended |= deed == Deed::Flush;
                    session.is_settled = false;
                }
            }
            // It is there still, for a clock that is put back.
            Event::Over => self.refused.extend(deed.tag()),
            Event::Gone => {
                self.refused.extend(deed.tag());
                self.absent(visitor);
            }
            other => self.tally.wrong(format!("visitor {visitor}: {deed:?} ended with {other:?}")),
        }
    }

    fn stored(&mut self, visitor: usize, deed: Deed, key: &str) {
        self.tally.acknowledged += 1;
        let Ok(key) = SessionKey::parse(key, 128) else {
            return self.tally.wrong(format!("visitor {visitor}: a cookie holds no key"));
        };
        if self.dead.contains(&key) || self.seen_dead.contains(&key) {
            self.tally.resurrected += 1;
            self.tally.finding(format!("visitor {visitor} was given {key:?}, which had died"));
        }
        let live = &mut self.accounts[visitor].live;
        let moved = live.as_ref().is_some_and(|session| session.key != key);
        match (deed, live) {
            (Deed::Begin(tag), live @ None) => {
                self.changes.saved(tag);
                *live = Some(Session::begun(key, tag));
            }
            (Deed::Append(tag), Some(session)) if !moved => {
                session.acknowledged.insert(tag);
                // An earlier change of key is too late from now on: it states what was there before.
                session.may_have_moved = false;
                self.changes.saved(tag);
            }
            (Deed::Cycle(tag), Some(session)) if moved => {
                session.acknowledged.insert(tag);
                self.changes.saved(tag);
                // An earlier change of unknown outcome would have left no session to change.
                (session.may_have_moved, session.may_have_ended) = (false, false);
                let old = std::mem::replace(&mut session.key, key);
                self.changes.ended(&old);
                self.dead.push(old);
            }
            (deed, _) => {
                let wrong =
                    format!("visitor {visitor}: {deed:?} left the wrong key, moved: {moved}");
                self.tally.wrong(wrong);
            }
        }
    }
}

/// What is asked once the fault is over.
impl Ledger {
    /// How many sessions are to be there.
    #[must_use]
    pub fn live(&self) -> Vec<(usize, SessionKey)> {
        let key = |account: &Account| account.live.as_ref().map(|session| session.key.clone());
        let accounts = self.accounts.iter().enumerate();
        accounts.filter_map(|(visitor, account)| Some((visitor, key(account)?))).collect()
    }

    /// The keys that are to lead nowhere.
    #[must_use]
    pub fn dead(&self) -> Vec<SessionKey> {
        self.dead.iter().chain(&self.seen_dead).cloned().collect()
    }

    /// A key that is to lead nowhere has led to a session.
    pub fn risen(&mut self, key: &SessionKey) {
        if self.copies.may_show_ended(key, &self.changes) {
            self.tally.misled += 1;
        } else if self.dead.contains(key) {
            self.tally.resurrected += 1;
            self.tally.finding(format!("{key:?} had died, and leads to a session"));
        } else {
            self.tally.undone += 1;
            self.tally.finding(format!("{key:?} was seen dead, and leads to a session"));
        }
    }

    /// The keys of sessions that were said to be absent though nobody had ended them.
    #[must_use]
    pub fn vanished(&self) -> Vec<SessionKey> {
        self.vanished.iter().map(|session| session.key.clone()).collect()
    }

    /// Whether the next of these is there after all: then it was wrong to call it absent, and else it
    /// is lost.
    pub fn settle_vanished(&mut self, there: bool) {
        let session = self.vanished.remove(0);
        if there {
            self.tally.wrong(format!("{session:?} is there, and was called absent"));
        } else {
            self.tally.lost += session.acknowledged.len().max(1) as u64;
            self.tally.finding(format!("{session:?} is not there any more"));
        }
    }
}

#[cfg(test)]
mod tests;
