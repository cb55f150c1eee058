//! The folder, and the few things that are done in it.

use std::fs::{File, Metadata, TryLockError};
use std::io;
use std::os::fd::AsFd;
use std::path::Path;

use lodger_core::StoreError;
use rustix::fs::{AtFlags, Dir, Mode, OFlags};
use rustix::io::Errno;

use super::failure::{Attempt, is_no_file, no_file, no_folder, unavailable, unsettled};

/// The mode of every file, whatever the umask.
pub(super) const MODE: u32 = 0o600;

/// The folder of the session files.
///
/// It is opened once, and everything is done relative to that: whatever happens to the path above it,
/// no file elsewhere is reached. Nothing in it is followed through a link.
#[derive(Debug)]
pub(super) struct Folder {
    file: File,
    /// How the disk is told to hold what was done; the tests have disks that fail.
    flush: fn(&File) -> io::Result<()>,
}

/// A file of the folder, open.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) file: File,
    pub(super) metadata: Metadata,
}

impl Folder {
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let file = rustix::fs::open(path, flags, Mode::empty())?.into();
        Ok(Self { file, flush: File::sync_all })
    }

    /// With another way to tell the disk.
    #[cfg(test)]
    pub(super) fn with_flush(self, flush: fn(&File) -> io::Result<()>) -> Self {
        Self { flush, ..self }
    }

    /// Tries with two files whether there are locks and hard links; if not, what there is not. A folder
    /// that takes no file now is not judged.
    pub(super) fn probe(&self, names: [&str; 2]) -> Result<(), (&'static str, io::Error)> {
        let Ok(file) = self.make_file(names[0]) else { return Ok(()) };
        let locked = match file.try_lock() {
            Err(TryLockError::Error(error)) => Err(("locks (flock)", error)),
            Ok(()) | Err(TryLockError::WouldBlock) => Ok(()),
        };
        let linked = self.link(names[0], names[1]).map_err(|error| ("hard links", error));
        for name in names {
            // What cannot be removed now is swept later.
            let _ = self.unlink(name);
        }
        locked.and(linked.map(|_| ()))
    }

    /// Opens a file; `None` if there is none.
    pub(super) fn open_file(
        &self,
        name: &str,
        access: OFlags,
    ) -> Result<Option<Opened>, StoreError> {
        match self.try_open(name, access) {
            Ok(opened) if opened.metadata.is_file() => Ok(Some(opened)),
            Ok(_) => Err(no_file()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => self.present().map(|()| None),
            Err(error) if is_no_file(&error) => Err(no_file()),
            Err(error) => Err(unavailable(Attempt::Read, &error)),
        }
    }

    /// Opens whatever has this name, without following it and without waiting for anybody.
    pub(super) fn try_open(&self, name: &str, access: OFlags) -> io::Result<Opened> {
        let flags = access | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
        let file = File::from(rustix::fs::openat(&self.file, name, flags, Mode::empty())?);
        let metadata = file.metadata()?;
        Ok(Opened { file, metadata })
    }

    /// Makes a file that was not there.
    pub(super) fn make_file(&self, name: &str) -> io::Result<File> {
        let flags =
            OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        let mode = Mode::from_raw_mode(MODE as _);
        Ok(rustix::fs::openat(&self.file, name, flags, mode)?.into())
    }

    /// Whether a name leads to a file that is open.
    pub(super) fn leads_to(&self, name: &str, file: &File) -> io::Result<bool> {
        let open = rustix::fs::fstat(file)?;
        match rustix::fs::statat(&self.file, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(named) => Ok((named.st_dev, named.st_ino) == (open.st_dev, open.st_ino)),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Gives a file a second name; whether that was free.
    pub(super) fn link(&self, from: &str, to: &str) -> io::Result<bool> {
        match rustix::fs::linkat(&self.file, from, &self.file, to, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::EXIST) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Puts a file in the place of another.
    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.file, from, &self.file, to)?)
    }

    /// Takes a name away; whether it was there.
    pub(super) fn unlink(&self, name: &str) -> io::Result<bool> {
        match rustix::fs::unlinkat(&self.file, name, AtFlags::empty()) {
            Ok(()) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Has the disk hold what was done in the folder.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        (self.flush)(&self.file).map_err(|error| unsettled(&error))
    }

    /// Begins to list the names.
    pub(super) fn list(&self) -> io::Result<Dir> {
        Ok(Dir::read_from(self.file.as_fd())?)
    }

    /// In a folder that was removed nothing is found, which must not look like a logout.
    pub(super) fn present(&self) -> Result<(), StoreError> {
        match rustix::fs::fstat(&self.file) {
            Ok(stat) if stat.st_nlink > 0 => Ok(()),
            Ok(_) => Err(no_folder()),
            Err(error) => Err(unavailable(Attempt::Read, &error.into())),
        }
    }
}
