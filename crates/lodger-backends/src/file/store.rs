//! The store.

use std::fmt;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use lodger_core::{
    Created, Cursor, Cycled, FileSeconds, Loaded, SessionCodec, SessionDict, SessionRecord,
    SessionStore, Settings, SettingsError, StoreError, StoredKey, Swapped, Swept, Timestamp,
    Touched, Version, Write,
};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use super::direct::Direct;
use super::ending::Ending;
use super::error::FolderError;
use super::failure::crowded;
use super::folder::Folder;
use super::name::FileNames;
use super::settling::Settling;
use super::sweep::Walks;

use crate::patience::bounded;

/// How many calls do their work at once; each takes a thread.
const CALLS: usize = 64;

/// Sessions in a folder, one file each, as Django has them.
///
/// A file is named by the cookie's name and the key, and holds the encoded data and nothing else. Its
/// mode is 0600, whatever the umask. A key of anything but `a-z0-9` is absent, without a look at the
/// disk.
///
/// When a session ends follows from its data and from when the file was modified, so the store has to
/// decode: give it the codec and the settings of the manager. An `expire_date` that the data
/// contradict, as an administrator's may, gives way to them. Dates are kept as far as the file system
/// keeps them, on ext4 to the year 2446.
///
/// A call waits for a session that others are writing, for half of the limit `store_call`; nothing was
/// applied then.
///
/// All the work of a call is done in one blocking task of tokio, so that a call that is dropped comes
/// to its end: it leaves the old value or the new one, no lock and no temporary file. 64 calls of a store
/// do their work at once; another one waits for half of `store_call` at most, and nothing was applied
/// then.
///
/// # Security
///
/// The names of the files hold the keys as they are, as Django's do: who can list the folder can take
/// over every live session. Make it for this user alone, mode 0700. Links are not followed, and what
/// is no regular file is neither read nor written.
///
/// # Django
///
/// The `file` engine, with `SESSION_FILE_PATH`. A load never writes; failures to save or delete are
/// errors; and what was written is on the disk when a call returns.
///
/// ```no_run
/// # async fn example(settings: lodger_core::Settings) -> Result<(), Box<dyn std::error::Error>> {
/// use lodger_backends::file::FileStore;
/// use lodger_codec::{DjangoCodec, KeyRing};
///
/// let codec = DjangoCodec::new(KeyRing::new("the site's SECRET_KEY")?, settings.limits.clone());
/// let store = FileStore::open("/var/lib/site/sessions", codec.clone(), &settings)?;
/// // The manager gets the same codec and the same settings.
/// # let _ = (store, codec);
/// # Ok(())
/// # }
/// ```
pub struct FileStore {
    path: PathBuf,
    direct: Arc<Direct>,
    walks: Arc<Walks>,
    calls: Arc<Semaphore>,
}

impl FileStore {
    /// Opens the folder, which must be there.
    ///
    /// Of the settings, `cookie_name`, `cookie_age`, `idle_age`, `absolute_age`, `date_storage`,
    /// `file_seconds` and the limits count.
    ///
    /// # Errors
    ///
    /// When it is missing or no folder, may not be opened, its file system has no locks or no hard
    /// links, which is tried with two files, or the settings cannot work.
    pub fn open(
        path: impl AsRef<Path>,
        codec: impl SessionCodec,
        settings: &Settings,
    ) -> Result<Self, FolderError> {
        settings.check()?;
        let limited = settings.idle_age.is_some() || settings.absolute_age.is_some();
        if limited && settings.file_seconds == FileSeconds::Never {
            return Err(SettingsError::FileSeconds.into());
        }
        let path = path.as_ref();
        let folder = Folder::open(path).map_err(|source| {
            let path = path.to_owned();
            match source.kind() {
                ErrorKind::NotFound => FolderError::Missing { path },
                ErrorKind::NotADirectory => FolderError::NoFolder { path },
                _ => FolderError::Unreadable { path, source },
            }
        })?;
        let name = |end| FileNames::staged(&format!("{}probe", settings.cookie_name), end);
        let process = std::process::id();
        let probes = [process, !process].map(|end| name(end.to_ne_bytes()));
        folder.probe([&probes[0], &probes[1]]).map_err(|(lacks, source)| {
            FolderError::Unsuitable { path: path.to_owned(), lacks, source }
        })?;
        // Keys may be stored as hashes, which may be longer.
        let longest_key = settings.limits.key.max(StoredKey::HASH_LENGTH);
        let direct = Direct {
            folder,
            settling: Settling::default(),
            names: FileNames::new(&settings.cookie_name, longest_key),
            ending: Ending::new(settings),
            codec: Arc::new(codec),
            largest: settings.limits.session_data,
            // The other half is for the disk: a manager that gave up could not know what became of it.
            patience: bounded(settings.limits.store_call) / 2,
        };
        Ok(Self::of(path, direct))
    }

    pub(super) fn of(path: &Path, direct: Direct) -> Self {
        let calls = Arc::new(Semaphore::new(CALLS));
        Self { path: path.to_owned(), direct: Arc::new(direct), walks: Arc::default(), calls }
    }

    /// Where the folder was when it was opened.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Does the work of one call where it may block.
    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Direct) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let direct = Arc::clone(&self.direct);
        let calls = Arc::clone(&self.calls).acquire_owned();
        let Ok(permit) = timeout(direct.patience, calls).await else { return Err(crowded()) };
        let work = move || {
            // Who gives up waiting does not end the work.
            let _permit = permit;
            work(&direct)
        };
        match tokio::task::spawn_blocking(work).await {
            Ok(result) => result,
            Err(error) if error.is_cancelled() => {
                Err(StoreError::unavailable("the runtime is shutting down"))
            }
            Err(_) => {
                Err(StoreError::unknown("a call to the session files did not come to its end"))
            }
        }
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SessionStore for FileStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        let key = key.clone();
        self.run(move |direct| direct.load(&key, now)).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.run(move |direct| direct.create(&record, &fields, now)).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let (key, version) = (key.clone(), version.clone());
        self.run(move |direct| direct.swap(&key, &version, &write, now)).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let (key, version) = (key.clone(), version.clone());
        self.run(move |direct| direct.touch(&key, &version, expire_date, now)).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let (old, version, new) = (old.clone(), version.clone(), new.clone());
        self.run(move |direct| direct.cycle(&old, &version, &new, &write, now)).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let key = key.clone();
        self.run(move |direct| direct.delete(&key)).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        let walks = Arc::clone(&self.walks);
        self.run(move |direct| direct.clear_expired(&walks, now, limit, cursor.as_ref())).await
    }
}
