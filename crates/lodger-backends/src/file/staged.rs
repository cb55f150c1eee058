//! A file that is written before it gets its name.

use std::fs::{File, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::time::SystemTime;

use lodger_core::{OsRng, Rng, SessionData, StoreError, Timestamp};

use super::failure::{Attempt, unapplied, unavailable};
use super::folder::{Folder, MODE};
use super::name::{FileNames, RANDOM};

/// A temporary file, whole and on the disk, and locked so that no clearing takes it for a stray one.
///
/// It is removed with the value, unless it was put in its place.
pub(super) struct Staged<'a> {
    folder: &'a Folder,
    name: String,
    file: File,
    moved: bool,
}

impl<'a> Staged<'a> {
    /// Writes the data for a session's file, as modified at an instant.
    pub(super) fn write(
        folder: &'a Folder,
        name: &str,
        data: &SessionData,
        modified: Timestamp,
    ) -> Result<Self, StoreError> {
        folder.present()?;
        let staged = Self::make(folder, name)?;
        staged.fill(data, modified).map_err(|error| unavailable(Attempt::Write, &error))?;
        Ok(staged)
    }

    fn make(folder: &'a Folder, name: &str) -> Result<Self, StoreError> {
        loop {
            let mut random = [0; RANDOM / 2];
            OsRng.fill(&mut random).map_err(|error| StoreError::unavailable(error.to_string()))?;
            let name = FileNames::staged(name, random);
            match folder.make_file(&name) {
                Ok(file) => return Ok(Self { folder, name, file, moved: false }),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(unavailable(Attempt::Write, &error)),
            }
        }
    }

    fn fill(&self, data: &SessionData, modified: Timestamp) -> io::Result<()> {
        // Nobody else knows the file, so the lock is free; where there are none, none is needed.
        let _ = self.file.try_lock();
        // The umask may have taken more away than the group and the others.
        self.file.set_permissions(Permissions::from_mode(MODE))?;
        (&self.file).write_all(data.as_bytes())?;
        self.file.set_modified(SystemTime::from(modified))?;
        self.file.sync_all()
    }

    /// Puts it where nothing is; whether that was so.
    pub(super) fn link(self, to: &str) -> Result<bool, StoreError> {
        let linked = self.folder.link(&self.name, to);
        linked.map_err(|error| unapplied(Attempt::Write, &error))
    }

    /// Puts it in the place of another.
    pub(super) fn replace(mut self, to: &str) -> Result<(), StoreError> {
        let renamed = self.folder.rename(&self.name, to);
        renamed.map_err(|error| unapplied(Attempt::Write, &error))?;
        self.moved = true;
        Ok(())
    }
}

impl Drop for Staged<'_> {
    fn drop(&mut self) {
        if !self.moved {
            // What cannot be removed now is swept later.
            let _ = self.folder.unlink(&self.name);
        }
    }
}
