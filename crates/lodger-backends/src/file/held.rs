//! A session's file under its lock.

use std::fs::TryLockError;
use std::thread;
use std::time::{Duration, Instant};

use lodger_core::StoreError;
use rustix::fs::OFlags;

use super::failure::{Attempt, busy, unavailable};
use super::folder::{Folder, Opened};

/// How long to wait before a lock is asked for again: at first, and at most.
const PAUSE: Duration = Duration::from_micros(100);
const LONGEST_PAUSE: Duration = Duration::from_millis(5);

/// A session's file, locked against other requests and other processes.
///
/// The lock is on the file and not on its name, and ends with the value. Whoever replaces or removes
/// the file holds it, so that a file whose name leads to it while it is locked is what is stored. That
/// holds among those who lock; Django does not.
pub(super) struct Held<'a> {
    pub(super) opened: Opened,
    folder: &'a Folder,
    name: &'a str,
}

impl<'a> Held<'a> {
    /// Waits for the lock until the deadline; `None` if there is no such file.
    pub(super) fn take(
        folder: &'a Folder,
        name: &'a str,
        deadline: Instant,
    ) -> Result<Option<Self>, StoreError> {
        loop {
            // Network file systems lock only what is open for writing.
            let Some(mut opened) = folder.open_file(name, OFlags::RDWR)? else { return Ok(None) };
            lock(&opened, deadline)?;
            // What was seen before the lock may have changed until it was had.
            let metadata = opened.file.metadata();
            opened.metadata = metadata.map_err(|error| unavailable(Attempt::Lock, &error))?;
            let held = Self { opened, folder, name };
            if held.is_named()? {
                return Ok(Some(held));
            }
            // Whoever had the lock put another file in its place, or none.
            if Instant::now() >= deadline {
                return Err(busy());
            }
        }
    }

    /// Whether the name still leads here.
    pub(super) fn is_named(&self) -> Result<bool, StoreError> {
        let named = self.folder.leads_to(self.name, &self.opened.file);
        named.map_err(|error| unavailable(Attempt::Lock, &error))
    }
}

fn lock(opened: &Opened, deadline: Instant) -> Result<(), StoreError> {
    let mut pause = PAUSE;
    loop {
        match opened.file.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if Instant::now() < deadline => {
                thread::sleep(pause);
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Err(TryLockError::WouldBlock) => return Err(busy()),
            Err(TryLockError::Error(error)) => return Err(unavailable(Attempt::Lock, &error)),
        }
    }
}
