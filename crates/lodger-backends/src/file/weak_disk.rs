//! A disk that is slow to hold what it is told to hold, or does not.

use std::fmt::Debug;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    CommitError, LazySession, Presented, SessionData, SessionDict, SessionKey, SessionStore,
    Settings, StoreError, Version,
};
use lodger_manager::SessionManager;
use rustix::fs::{AtFlags, statat};
use rustix::io::Errno;
use tempfile::TempDir;

use super::direct::Direct;
use super::folder::Folder;
use super::store::FileStore;
use super::tests::{END, NOW, data, direct, key, record, write};

/// As long as this lies in the folder, a flush of it fails.
const FAILS: &str = "flushes fail";
/// As long as this lies in the folder, a flush of it does not end.
const LASTS: &str = "flushes last";

fn flush(folder: &File) -> io::Result<()> {
    let lies = |name| statat(folder, name, AtFlags::empty()).is_ok();
    let end = Instant::now() + Duration::from_secs(30);
    while lies(LASTS) && Instant::now() < end {
        thread::sleep(Duration::from_millis(1));
    }
    if lies(FAILS) { Err(Errno::IO.into()) } else { folder.sync_all() }
}

fn weak(path: &Path) -> Direct {
    direct(Folder::open(path).unwrap().with_flush(flush))
}

fn put(path: &TempDir, what: &str) {
    std::fs::write(path.path().join(what), "").unwrap();
}

fn take_away(path: &TempDir, what: &str) {
    std::fs::remove_file(path.path().join(what)).unwrap();
}

/// The names of sessions and of temporary files.
fn names(path: &TempDir) -> Vec<String> {
    let entries = std::fs::read_dir(path.path()).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names.filter(|name| name.starts_with("sessionid")).collect();
    names.sort();
    names
}

fn is_unknown<T: Debug>(result: Result<T, StoreError>) {
    assert!(matches!(result, Err(StoreError::Unknown { .. })), "{result:?}");
}

/// Promise 2
#[test]
fn what_may_not_be_on_the_disk_is_not_acknowledged() {
    let path = tempfile::tempdir().unwrap();
    let weak = weak(path.path());
    let version = Version::from_data(SessionData::from_text("old"));
    let fields = SessionDict::new();
    for name in ["swapped", "cycled", "deleted", "expired"] {
        weak.create(&record(name, "old"), &fields, NOW).unwrap();
    }
    put(&path, FAILS);
    is_unknown(weak.create(&record("created", "old"), &fields, NOW));
    is_unknown(weak.swap(&key("swapped"), &version, &write("new"), NOW));
    is_unknown(weak.cycle(&key("cycled"), &version, &key("new"), &write("new"), NOW));
    is_unknown(weak.delete(&key("deleted")));
    // New keys are taken back, and what was written in the place of an old value is whole.
    assert_eq!(names(&path), ["sessionidexpired", "sessionidswapped"]);
    assert_eq!(data(&weak, "swapped").as_deref(), Some("new"));
    // It is known of the new ones when the disk holds that they are gone.
    for name in ["created", "new"] {
        let loaded = weak.load(&key(name), NOW);
        assert!(matches!(loaded, Err(StoreError::Unavailable { .. })), "{name}: {loaded:?}");
    }
    take_away(&path, FAILS);
    weak.create(&record("created", "again"), &fields, NOW).unwrap();
    assert_eq!(data(&weak, "created").as_deref(), Some("again"));
    assert_eq!(data(&weak, "new"), None);
}

/// Promise 2
#[test]
fn a_logout_that_is_tried_again_is_not_acknowledged_before_the_disk_holds_it() {
    let path = tempfile::tempdir().unwrap();
    let weak = weak(path.path());
    let version = Version::from_data(SessionData::from_text("old"));
    for name in ["deleted", "cycled", "other"] {
        weak.create(&record(name, "old"), &SessionDict::new(), NOW).unwrap();
    }
    for name in ["deleted", "cycled"] {
        put(&path, FAILS);
        if name == "deleted" {
            is_unknown(weak.delete(&key(name)));
        } else {
            is_unknown(weak.cycle(&key(name), &version, &key("new"), &write("new"), NOW));
        }
        for _ in 0..2 {
            is_unknown(weak.delete(&key(name)));
            is_unknown(weak.swap(&key(name), &version, &write("late"), NOW));
            is_unknown(weak.touch(&key(name), &version, END, NOW));
            is_unknown(weak.cycle(&key(name), &version, &key("new"), &write("late"), NOW));
        }
        take_away(&path, FAILS);
        assert!(!weak.delete(&key(name)).unwrap());
        // Now the disk holds it, and nothing more is asked of it.
        put(&path, FAILS);
        assert!(!weak.delete(&key(name)).unwrap());
        take_away(&path, FAILS);
    }
}

/// A site whose files lie on a weak disk, and where a call may take so long.
struct Site {
    path: TempDir,
    manager: Arc<SessionManager<FileStore>>,
}

impl Site {
    fn new(store_call: Duration) -> Self {
        let path = tempfile::tempdir().unwrap();
        let mut settings = Settings::default();
        settings.limits.store_call = store_call;
        let direct = Direct { patience: store_call / 2, ..weak(path.path()) };
        let store = FileStore::of(path.path(), direct);
        let codec = DjangoCodec::new(KeyRing::new("secret").unwrap(), settings.limits.clone());
        let builder = SessionManager::builder(store, codec).with_settings(settings);
        Self { path, manager: Arc::new(builder.build().unwrap()) }
    }

    async fn login(&self) -> Result<SessionKey, CommitError> {
        let request = LazySession::new(self.manager.clone(), Presented::Absent);
        request.load().await.unwrap().insert("user", &1).unwrap();
        let cookie = request.commit(false).await?.unwrap();
        Ok(cookie.value.session_key(128).unwrap())
    }

    async fn cycle(&self, key: &SessionKey) -> Result<SessionKey, CommitError> {
        let request = LazySession::new(self.manager.clone(), Presented::Value(key.into()));
        request.load().await.unwrap().cycle_key().unwrap();
        let cookie = request.commit(false).await?.unwrap();
        Ok(cookie.value.session_key(128).unwrap())
    }
}

/// Promise 2
#[tokio::test]
async fn a_new_key_that_the_disk_may_not_hold_is_given_to_nobody() {
    let site = Site::new(Duration::from_secs(2));
    let key = site.login().await.unwrap();
    put(&site.path, FAILS);
    let login = site.login().await;
    assert!(matches!(login, Err(CommitError::Unknown(_))), "{login:?}");
    let cycled = site.cycle(&key).await;
    assert!(matches!(cycled, Err(CommitError::Unknown(_))), "{cycled:?}");
    take_away(&site.path, FAILS);
    site.login().await.unwrap();
    assert_eq!(names(&site.path).len(), 1, "nothing is left that nobody knows");
}

/// Promise 2
#[tokio::test]
async fn a_new_key_that_the_disk_is_slow_to_hold_is_given_to_nobody_before() {
    let site = Site::new(Duration::from_millis(100));
    let key = site.login().await.unwrap();
    put(&site.path, LASTS);
    let login = site.login().await;
    assert!(matches!(login, Err(CommitError::Unknown(_))), "{login:?}");
    let cycled = site.cycle(&key).await;
    assert!(matches!(cycled, Err(CommitError::Unknown(_))), "{cycled:?}");
    take_away(&site.path, LASTS);
}

/// Promise 10
#[tokio::test]
async fn calls_beyond_those_that_a_slow_disk_holds_up_are_not_queued() {
    let path = tempfile::tempdir().unwrap();
    let patience = Duration::from_millis(50);
    let store = Arc::new(FileStore::of(path.path(), Direct { patience, ..weak(path.path()) }));
    put(&path, LASTS);
    let mut calls = Vec::new();
    for number in 0..100 {
        let store = Arc::clone(&store);
        let record = record(&format!("new{number}"), "data");
        calls.push(tokio::spawn(async move {
            store.create(record, SessionDict::new(), NOW).await.map(|_| ())
        }));
    }
    tokio::time::sleep(patience * 6).await;
    let loaded = store.load(&key("other"), NOW).await;
    assert!(matches!(loaded, Err(StoreError::Unavailable { .. })), "{loaded:?}");
    take_away(&path, LASTS);
    let mut created = 0;
    for call in calls {
        match call.await.unwrap() {
            Ok(()) => created += 1,
            Err(error) => assert!(matches!(error, StoreError::Unavailable { .. }), "{error}"),
        }
    }
    assert_eq!((created, names(&path).len()), (64, 64), "the others were not applied");
    assert_eq!(store.load(&key("other"), NOW).await.unwrap().map(|_| ()), None);
}
