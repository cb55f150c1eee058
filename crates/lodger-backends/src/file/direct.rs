//! What the store does, in the thread that calls.

use std::fs::File;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lodger_core::{
    Context, Created, Cycled, Decoded, Loaded, SessionCodec, SessionData, SessionDict,
    SessionRecord, StoreError, StoredKey, Swapped, Timestamp, Touched, Version, Write,
};
use rustix::fs::OFlags;

use super::ending::Ending;
use super::failure::{Attempt, unapplied, unavailable, unsettled};
use super::folder::{Folder, Opened};
use super::found::{Found, read};
use super::held::Held;
use super::name::FileNames;
use super::settling::{Settling, Unsettled};
use super::staged::Staged;
use crate::obstacle::Obstacle;

/// The folder with what it takes to understand it.
pub(super) struct Direct {
    pub(super) folder: Folder,
    pub(super) settling: Settling,
    pub(super) names: FileNames,
    pub(super) ending: Ending,
    pub(super) codec: Arc<dyn SessionCodec>,
    /// The most bytes that data may have.
    pub(super) largest: usize,
    /// How long a lock or a new key is waited for, and how long a batch of a clearing goes on.
    pub(super) patience: Duration,
}

impl Direct {
    pub(super) fn load(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        let Some(name) = self.names.of(key) else { return Ok(None) };
        let deadline = self.deadline();
        let opened = loop {
            let failures = self.settling.settled(&name, deadline)?;
            let opened = self.folder.open_file(&name, OFlags::RDONLY)?;
            // The name may have come since it was asked for.
            if self.settling.is_still_settled(&name, failures) {
                break opened;
            }
        };
        let Some(opened) = opened else { return Ok(None) };
        let found = self.found(&opened, key, now)?;
        Ok(found.is_live(now).then(|| found.loaded(key)))
    }

    pub(super) fn create(
        &self,
        record: &SessionRecord,
        fields: &SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let name = self.require_name(&record.session_key)?;
        let staged = self.stage(&name, &record.session_data, fields, record.expire_date, now)?;
        let unsettled = self.settling.begin(&name);
        if !staged.link(&name)? {
            unsettled.settle();
            return Ok(Created::Taken);
        }
        self.settle_name(unsettled, &name)?;
        Ok(Created::Created(Some(Version::from_data(record.session_data.clone()))))
    }

    pub(super) fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: &Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let Some(name) = self.names.of(key) else { return Ok(Swapped::Gone) };
        let deadline = self.deadline();
        while let Some(held) = Held::take(&self.folder, &name, deadline)? {
            if let Err(obstacle) = self.check(&held, key, version, now)? {
                return Ok(obstacle.into());
            }
            let Write { session_data, expire_date, fields } = write;
            let staged = self.stage(&name, session_data, fields, *expire_date, now)?;
            // Django takes no lock, and may have written or logged out while the disk was waited for.
            if held.is_named()? {
                staged.replace(&name)?;
                self.sync()?;
                return Ok(Swapped::Swapped(Some(Version::from_data(session_data.clone()))));
            }
        }
        self.absent()?;
        Ok(Swapped::Gone)
    }

    pub(super) fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let Some(name) = self.names.of(key) else { return Ok(Touched::Gone) };
        let deadline = self.deadline();
        while let Some(held) = Held::take(&self.folder, &name, deadline)? {
            let found = match self.check(&held, key, version, now)? {
                Ok(found) => found,
                Err(obstacle) => return Ok(obstacle.into()),
            };
            let dict = found.decoded.as_ref().map(|decoded| &decoded.dict);
            let modified = self.ending.modified(dict, expire_date, now);
            if held.opened.metadata.nlink() > 1 {
                // It has a name elsewhere, too: put a file of our own in its place.
                let staged = Staged::write(&self.folder, &name, &found.session_data, modified)?;
                if !held.is_named()? {
                    continue;
                }
                staged.replace(&name)?;
                self.sync()?;
            } else {
                touch(&held.opened.file, modified)?;
            }
            return Ok(Touched::Touched(Some(version.clone())));
        }
        self.absent()?;
        Ok(Touched::Gone)
    }

    pub(super) fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: &Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let Some(old_name) = self.names.of(old) else { return Ok(Cycled::Gone) };
        let new_name = self.require_name(new)?;
        let deadline = self.deadline();
        while let Some(held) = Held::take(&self.folder, &old_name, deadline)? {
            if let Err(obstacle) = self.check(&held, old, version, now)? {
                return Ok(obstacle.into());
            }
            let Write { session_data, expire_date, fields } = write;
            let staged = self.stage(&new_name, session_data, fields, *expire_date, now)?;
            if !held.is_named()? {
                continue;
            }
            // Until this returns nobody is told the new key, so that one of the two can be used.
            let unsettled = self.settling.begin(&new_name);
            if !staged.link(&new_name)? {
                unsettled.settle();
                return Ok(Cycled::Taken);
            }
            let removal = self.settling.begin_removal();
            if !self.retire(&old_name, &new_name)? {
                unsettled.settle();
                removal.settle();
                return Ok(Cycled::Gone);
            }
            self.settle_name(unsettled, &new_name)?;
            removal.settle();
            return Ok(Cycled::Cycled(Some(Version::from_data(session_data.clone()))));
        }
        self.absent()?;
        Ok(Cycled::Gone)
    }

    pub(super) fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let Some(name) = self.names.of(key) else { return Ok(false) };
        let Some(_held) = Held::take(&self.folder, &name, self.deadline())? else {
            self.absent()?;
            return Ok(false);
        };
        let removal = self.settling.begin_removal();
        let removed = self.folder.unlink(&name);
        let removed = removed.map_err(|error| unapplied(Attempt::Remove, &error))?;
        self.sync()?;
        removal.settle();
        Ok(removed)
    }

    /// What is in a file.
    fn found(&self, opened: &Opened, key: &StoredKey, now: Timestamp) -> Result<Found, StoreError> {
        self.try_found(opened, key, now).map_err(|error| unavailable(Attempt::Read, &error))
    }

    pub(super) fn try_found(
        &self,
        opened: &Opened,
        key: &StoredKey,
        now: Timestamp,
    ) -> io::Result<Found> {
        let modified = Timestamp::from(opened.metadata.modified()?);
        let session_data = read(opened, self.largest)?;
        let decoded = if session_data.as_bytes().is_empty() {
            // What a Django makes first of a session that it saves.
            Some(Decoded { dict: SessionDict::new(), stamp: None })
        } else {
            let context = Context { stored_key: key, now, loaded_stamp: None };
            self.codec.inspect(&session_data, &context).ok()
        };
        let dict = decoded.as_ref().map(|decoded| &decoded.dict);
        let expire_date = self.ending.expire_date(dict, modified);
        Ok(Found { session_data, decoded, expire_date })
    }

    /// The live record of this version, or what there is instead.
    fn check(
        &self,
        held: &Held<'_>,
        key: &StoredKey,
        version: &Version,
        now: Timestamp,
    ) -> Result<Result<Found, Obstacle>, StoreError> {
        let found = self.found(&held.opened, key, now)?;
        Ok(if !found.is_live(now) {
            Err(Obstacle::Gone)
        } else if version.data() == Some(&found.session_data) {
            Ok(found)
        } else {
            Err(Obstacle::Moved(found.loaded(key)))
        })
    }

    /// Writes a file that has no place yet.
    fn stage(
        &self,
        name: &str,
        data: &SessionData,
        fields: &SessionDict,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Staged<'_>, StoreError> {
        if data.as_bytes().len() > self.largest {
            return Err(StoreError::unavailable(format!(
                "the data of a session take more than {} bytes, the limit session_data",
                self.largest
            )));
        }
        let modified = self.ending.modified(Some(fields), expire_date, now);
        Staged::write(&self.folder, name, data, modified)
    }

    /// Has the disk hold what was done in the folder.
    pub(super) fn sync(&self) -> Result<(), StoreError> {
        let failures = self.settling.failures();
        self.folder.sync()?;
        self.settling.flushed(failures);
        Ok(())
    }

    /// To be called before it is told that a file is not there: the disk may not know it yet.
    fn absent(&self) -> Result<(), StoreError> {
        if self.settling.has_removals() { self.sync() } else { Ok(()) }
    }

    /// Has the disk hold a new name. If it does not, the name is taken back: nobody is told of it.
    fn settle_name(&self, unsettled: Unsettled<'_>, name: &str) -> Result<(), StoreError> {
        let synced = self.sync();
        // What cannot be taken back surely stays unsettled.
        if synced.is_ok() || (self.folder.unlink(name).is_ok() && self.sync().is_ok()) {
            unsettled.settle();
        }
        synced
    }

    /// Ends the old key of a cycle; whether it was still there. Otherwise the new one is taken back.
    pub(super) fn retire(&self, old: &str, new: &str) -> Result<bool, StoreError> {
        let failure = match self.folder.unlink(old) {
            Ok(true) => return Ok(true),
            Ok(false) => None,
            Err(error) => Some(unapplied(Attempt::Remove, &error)),
        };
        if self.folder.unlink(new).is_err() {
            return Err(StoreError::unknown(match failure {
                Some(_) => "both keys of a session that got another were left",
                None => "the new key of a session that was gone was left, and told to nobody",
            }));
        }
        self.sync()?;
        failure.map_or(Ok(false), Err)
    }

    /// A fresh key always has a name, unless somebody else's choice is stored.
    fn require_name(&self, key: &StoredKey) -> Result<String, StoreError> {
        self.names.of(key).ok_or_else(|| {
            StoreError::unavailable(
                "no file can be named by this key: keys are of a-z and 0-9, and bounded in length",
            )
        })
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.patience
    }
}

/// Moves the time of modification, on the disk too.
fn touch(file: &File, modified: Timestamp) -> Result<(), StoreError> {
    let moved = file.set_modified(modified.into());
    moved.map_err(|error| unavailable(Attempt::Write, &error))?;
    file.sync_all().map_err(|error| unsettled(&error))
}
