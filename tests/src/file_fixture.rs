//! A folder of session files, made for one test.

use std::fs::File;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::time::Duration;

use lodger_backends::file::FileStore;
use lodger_core::{
    Clock, Context, DateStorage, Limits, SessionCodec, SessionData, Settings, StoredExpiry,
    StoredKey, SystemClock, Timestamp,
};
use lodger_testing::contract::{Fixture, Subject};
use tempfile::TempDir;

use crate::site::{SECRET_KEY, Site, codec};

/// How long a call that was dropped may take to come to its end.
const PATIENCE: u32 = 500;

/// A folder of session files.
pub struct OwnFolder(TempDir);

impl OwnFolder {
    /// Makes it.
    ///
    /// # Panics
    ///
    /// When it cannot be made.
    #[must_use]
    pub fn create() -> Self {
        crate::canary::watch();
        Self(tempfile::tempdir().expect("a folder for the test can be made"))
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.0.path()
    }

    /// Where the file of a session is.
    #[must_use]
    pub fn file(&self, key: &str) -> PathBuf {
        self.path().join(format!("sessionid{key}"))
    }

    /// A store over it, with the default settings.
    #[must_use]
    pub fn store(&self) -> FileStore {
        self.store_with(&Settings::default())
    }

    /// A store over it.
    ///
    /// # Panics
    ///
    /// When it cannot be opened.
    #[must_use]
    pub fn store_with(&self, settings: &Settings) -> FileStore {
        let codec = codec(SECRET_KEY, Limits::default());
        FileStore::open(self.path(), codec, settings).expect("the folder is there")
    }

    /// A site over it with a clock that shows the present, as other processes have it.
    #[must_use]
    pub fn site(&self) -> Site<FileStore> {
        let site = Site::new(self.store());
        site.clock.set(SystemClock.now());
        site
    }

    /// The names in it, sorted.
    ///
    /// # Panics
    ///
    /// When it cannot be read.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path()).expect("the folder can be read");
        let name = |entry: std::io::Result<std::fs::DirEntry>| {
            entry.expect("the folder can be read").file_name().into_string()
        };
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).expect("names here are text")).collect();
        names.sort();
        names
    }

    /// Proves that no temporary file stays, and takes the folder away.
    ///
    /// # Panics
    ///
    /// When one stays.
    pub async fn close(self) {
        let left = || self.names().into_iter().any(|name| name.contains("_out_"));
        for _ in 0..PATIENCE {
            if !left() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        assert!(!left(), "a temporary file was left behind");
        self.0.close().expect("the folder of the test can be removed");
    }

    /// The last `expire_date` that the file system can keep for a session without an own expiry.
    fn last_date(&self) -> Timestamp {
        let scratch = self.path().join("scratch");
        let file = File::create(&scratch).expect("a file can be made");
        file.set_modified(Timestamp::MAX.into()).expect("a file can be dated");
        let kept = file.metadata().and_then(|data| data.modified()).expect("a file has a date");
        std::fs::remove_file(scratch).expect("a file can be removed");
        Timestamp::from(kept) + Settings::default().cookie_age
    }
}

/// A store in a folder of its own, for the suite of the contract.
pub struct FileFixture(OwnFolder);

impl FileFixture {
    /// Makes it.
    #[must_use]
    pub fn create() -> Self {
        Self(OwnFolder::create())
    }
}

impl Fixture for FileFixture {
    type Store = FileStore;

    fn subject(&self) -> Option<Subject<FileStore>> {
        Some(Subject::new(self.0.store()).with_last_date(self.0.last_date()))
    }

    async fn close(self) {
        self.0.close().await;
    }
}

/// Runs a test over files.
pub async fn over_files<F, R>(test: F)
where
    F: FnOnce(FileStore) -> R,
    R: Future<Output = ()>,
{
    let folder = OwnFolder::create();
    test(folder.store()).await;
    folder.close().await;
}

/// Puts a file there as somebody else would, modified when it must be for its data to end then.
///
/// # Panics
///
/// When it cannot be written.
pub fn plant(path: &Path, data: &str, expire_date: Timestamp) {
    let stored_key = StoredKey::from(String::new());
    let context = Context { stored_key: &stored_key, now: expire_date, loaded_stamp: None };
    let codec = codec(SECRET_KEY, Limits::default());
    let decoded = codec.inspect(&SessionData::from_text(data), &context);
    let expiry = decoded
        .map_or(StoredExpiry::Unset, |decoded| StoredExpiry::of(&decoded.dict, &DateStorage::Utc));
    let modified = expire_date - expiry.age(expire_date, Settings::default().cookie_age);
    write_modified(path, data.as_bytes(), modified);
}

/// Writes a file, modified then.
///
/// # Panics
///
/// When it cannot be written.
pub fn write_modified(path: &Path, bytes: &[u8], modified: Timestamp) {
    std::fs::write(path, bytes).expect("a file can be written");
    let file = File::options().write(true).open(path).expect("the file is there");
    file.set_modified(modified.into()).expect("a file can be dated");
}
