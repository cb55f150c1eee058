//! Removing expired files in bounded batches and bounded memory.

use std::collections::VecDeque;
use std::fs::{Metadata, TryLockError};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use lodger_core::{Cursor, Span, StoreError, StoredKey, Swept, Timestamp};
use rustix::fs::{Dir, FileType, OFlags};

use super::direct::Direct;
use super::failure::{Attempt, broken_off, is_foreign, passed_over, unavailable};
use super::folder::Opened;
use super::name::Named;

/// How many names a batch looks at, at most.
const LOOKED_AT: usize = 10_000;
/// How many clearings may be under way; the one that rested longest is broken off.
const MOST_WALKS: usize = 8;
/// From which age on a temporary file counts as left behind.
const STRAY_AGE: Span = Span::from_secs(3600);

/// The clearings that are under way, each with the place in the folder that it has come to.
///
/// A folder can be gone through only as a whole, since its names come in no order: so it stays open
/// between the batches.
#[derive(Default)]
pub(super) struct Walks(Mutex<Resting>);

#[derive(Default)]
struct Resting {
    begun: u64,
    walks: VecDeque<(u64, Walk)>,
}

/// One clearing.
struct Walk {
    dir: Dir,
    /// How many files were passed over, and why the last of them.
    passed_over: u64,
    reason: Option<io::Error>,
}

impl Walk {
    fn pass_over(&mut self, error: io::Error) {
        self.passed_over += 1;
        self.reason = Some(error);
    }

    /// It has come to its end.
    fn end(self, deleted: u64) -> Result<Swept, StoreError> {
        match self.reason {
            None => Ok(Swept { deleted, next: None }),
            Some(reason) => Err(passed_over(self.passed_over, &reason)),
        }
    }
}

impl Walks {
    /// `None` for a cursor that was never given out here; one that was ends with an error if its place
    /// is lost, since clearings that begin anew by turns would never end.
    fn resume(&self, cursor: &Cursor) -> Result<Option<Walk>, StoreError> {
        let Ok(number) = cursor.position().parse::<u64>() else { return Ok(None) };
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = resting.walks.iter().position(|(other, _)| *other == number);
        match place.and_then(|place| resting.walks.remove(place)) {
            Some((_, walk)) => Ok(Some(walk)),
            None if (1..=resting.begun).contains(&number) => Err(broken_off()),
            None => Ok(None),
        }
    }

    fn rest(&self, walk: Walk) -> Cursor {
        let mut resting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if resting.walks.len() == MOST_WALKS {
            resting.walks.pop_front();
        }
        resting.begun += 1;
        let number = resting.begun;
        resting.walks.push_back((number, walk));
        Cursor::new(number.to_string())
    }
}

impl Direct {
    /// One batch. A cursor that is not known here, as after a restart, begins anew.
    ///
    /// A file that cannot be looked at or removed stops nothing: it is passed over, and reported when
    /// the clearing has come to its end.
    pub(super) fn clear_expired(
        &self,
        walks: &Walks,
        now: Timestamp,
        limit: u64,
        cursor: Option<&Cursor>,
    ) -> Result<Swept, StoreError> {
        self.folder.present()?;
        let listed = |error: io::Error| unavailable(Attempt::List, &error);
        let resumed = cursor.map_or(Ok(None), |cursor| walks.resume(cursor))?;
        let mut walk = match resumed {
            Some(walk) => walk,
            None => {
                let dir = self.folder.list().map_err(listed)?;
                Walk { dir, passed_over: 0, reason: None }
            }
        };
        let end = Instant::now() + self.patience;
        let mut removed = Removed::default();
        for looked_at in 0_usize.. {
            let late = looked_at > 0 && Instant::now() >= end;
            if removed.sessions == limit.max(1) || looked_at == LOOKED_AT || late {
                self.settle(&removed)?;
                return Ok(Swept { deleted: removed.sessions, next: Some(walks.rest(walk)) });
            }
            let entry = match walk.dir.read() {
                Some(Ok(entry)) => entry,
                Some(Err(error)) => {
                    self.settle(&removed)?;
                    return Err(listed(error.into()));
                }
                None => break,
            };
            if matches!(entry.file_type(), FileType::RegularFile | FileType::Unknown)
                && let Err(error) = self.sweep(entry.file_name().to_bytes(), now, &mut removed)
                && !is_gone(&error)
            {
                walk.pass_over(error);
            }
        }
        self.settle(&removed)?;
        walk.end(removed.sessions)
    }

    /// Looks at one file, and removes it if it has ended.
    fn sweep(&self, name: &[u8], now: Timestamp, removed: &mut Removed) -> io::Result<()> {
        let (Some(named), Ok(name)) = (self.names.read(name), std::str::from_utf8(name)) else {
            return Ok(());
        };
        // Whoever is about to write it locks it too, and what is not ours is left alone.
        let opened = match self.folder.try_open(name, OFlags::RDWR) {
            Ok(opened) if opened.metadata.is_file() => opened,
            Ok(_) => return Ok(()),
            Err(error) if is_foreign(&error) => return Ok(()),
            Err(error) => return Err(error),
        };
        let ended = match &named {
            Named::Session(key) => self.has_ended(&opened, key, now)?,
            Named::Staged => modified(&opened.metadata).is_some_and(|at| now - at > STRAY_AGE),
        };
        if ended && self.remove_unchanged(&opened, name)? {
            match named {
                Named::Session(_) => removed.sessions += 1,
                Named::Staged => removed.strays += 1,
            }
        }
        Ok(())
    }

    fn has_ended(&self, opened: &Opened, key: &StoredKey, now: Timestamp) -> io::Result<bool> {
        // A Django is just saving it, or has left it so; it leaves such files alone, too.
        if opened.metadata.len() == 0 {
            return Ok(false);
        }
        Ok(self.try_found(opened, key, now)?.expire_date < now)
    }

    /// Removes a file that is still what was looked at.
    fn remove_unchanged(&self, opened: &Opened, name: &str) -> io::Result<bool> {
        match opened.file.try_lock() {
            Ok(()) => {}
            // It is being written, so it is fresh.
            Err(TryLockError::WouldBlock) => return Ok(false),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        let same = stamp(&opened.file.metadata()?) == stamp(&opened.metadata);
        if !same || !self.folder.leads_to(name, &opened.file)? {
            return Ok(false);
        }
        self.folder.unlink(name)
    }

    fn settle(&self, removed: &Removed) -> Result<(), StoreError> {
        if removed.sessions + removed.strays > 0 { self.sync() } else { Ok(()) }
    }
}

/// Whether a file is no more; network file systems have a word of their own for it.
fn is_gone(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::StaleNetworkFileHandle)
}

/// What a batch has removed.
#[derive(Default)]
struct Removed {
    sessions: u64,
    strays: u64,
}

fn modified(metadata: &Metadata) -> Option<Timestamp> {
    metadata.modified().ok().map(Timestamp::from)
}

/// What changes when a file is touched or written.
fn stamp(metadata: &Metadata) -> (u64, Option<Timestamp>) {
    (metadata.len(), modified(metadata))
}
