//! What takes a look inside: a folder that cannot be flushed, and others who take no lock.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    Context, Cycled, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData,
    SessionDict, SessionRecord, Settings, StoreError, StoredKey, Swapped, Timestamp, Version,
    Write,
};
use rustix::fs::{Mode, OFlags};
use tempfile::TempDir;

use super::direct::Direct;
use super::ending::Ending;
use super::folder::Folder;
use super::name::FileNames;

const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
const END: Timestamp = Timestamp::from_secs(1_700_003_600);

fn direct(folder: Folder) -> Direct {
    let settings = Settings::default();
    let keys = KeyRing::new("secret").unwrap();
    Direct {
        folder,
        names: FileNames::new(&settings.cookie_name, settings.limits.key),
        ending: Ending::new(&settings),
        codec: Arc::new(DjangoCodec::new(keys, Limits::default())),
        largest: settings.limits.session_data,
        patience: Duration::from_secs(1),
    }
}

/// A folder in which all can be done but to flush it.
fn unsettled(path: &TempDir) -> Direct {
    let flags = OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let folder = rustix::fs::open(path.path(), flags, Mode::empty()).unwrap();
    direct(Folder::of(folder.into()))
}

fn key(text: &str) -> StoredKey {
    StoredKey::from(text.to_owned())
}

fn write(text: &str) -> Write {
    let session_data = SessionData::from_text(text);
    Write { session_data, expire_date: END, fields: SessionDict::new() }
}

fn record(name: &str, text: &str) -> SessionRecord {
    let session_data = SessionData::from_text(text);
    SessionRecord { session_key: key(name), session_data, expire_date: END }
}

fn data(direct: &Direct, name: &str) -> Option<String> {
    let loaded = direct.load(&key(name), NOW).unwrap()?;
    Some(loaded.record.session_data.as_text()?.to_owned())
}

/// Promise 2
#[test]
fn what_may_not_be_on_the_disk_is_not_acknowledged() {
    let path = tempfile::tempdir().unwrap();
    let (settled, unsettled) = (direct(Folder::open(path.path()).unwrap()), unsettled(&path));
    let version = Version::from_data(SessionData::from_text("old"));
    let fields = SessionDict::new();
    for name in ["swapped", "cycled", "deleted", "expired"] {
        settled.create(&record(name, "old"), &fields, NOW).unwrap();
    }
    fn is_unknown<T: std::fmt::Debug>(result: Result<T, StoreError>) {
        assert!(matches!(result, Err(StoreError::Unknown { .. })), "{result:?}");
    }
    is_unknown(unsettled.create(&record("created", "old"), &fields, NOW));
    is_unknown(unsettled.swap(&key("swapped"), &version, &write("new"), NOW));
    is_unknown(unsettled.cycle(&key("cycled"), &version, &key("new"), &write("new"), NOW));
    is_unknown(unsettled.delete(&key("deleted")));
    // It was applied all the same, and whole.
    let found = ["created", "swapped", "cycled", "new", "deleted"].map(|n| data(&settled, n));
    let texts = [Some("old"), Some("new"), None, Some("new"), None];
    assert_eq!(found, texts.map(|text| text.map(str::to_owned)));
    assert_eq!(std::fs::read_dir(path.path()).unwrap().count(), 4, "no temporary file stays");
}

/// Somebody who takes no lock logs out, or saves, while we are about to write.
struct Meddler {
    file: PathBuf,
    saves: bool,
}

impl SessionCodec for Meddler {
    fn encode(&self, _: &SessionDict, _: &Context<'_>) -> Result<SessionData, EncodeError> {
        Err(EncodeError::Unsupported { reason: "not asked for".to_owned() })
    }

    fn decode(&self, _: &SessionData, _: &Context<'_>) -> Result<Decoded, DecodeError> {
        std::fs::remove_file(&self.file).unwrap();
        if self.saves {
            std::fs::write(&self.file, "theirs").unwrap();
        }
        Err(DecodeError::Malformed { part: "whole" })
    }
}

/// What became of a swap and of a cycle, and how many files there are then.
fn meddled(saves: bool) -> (Swapped, Cycled, usize) {
    let path = tempfile::tempdir().unwrap();
    let codec = Arc::new(Meddler { file: path.path().join("sessionidkey"), saves });
    let direct = Direct { codec, ..direct(Folder::open(path.path()).unwrap()) };
    let version = Version::from_data(SessionData::from_text("old"));
    direct.create(&record("key", "old"), &SessionDict::new(), NOW).unwrap();
    let swapped = direct.swap(&key("key"), &version, &write("new"), NOW).unwrap();
    direct.folder.unlink("sessionidkey").unwrap();
    direct.create(&record("key", "old"), &SessionDict::new(), NOW).unwrap();
    let cycled = direct.cycle(&key("key"), &version, &key("new"), &write("new"), NOW).unwrap();
    (swapped, cycled, std::fs::read_dir(path.path()).unwrap().count())
}

/// Promise 4
#[test]
fn what_those_did_who_take_no_lock_is_seen_before_the_rename() {
    let (swapped, cycled, files) = meddled(false);
    assert!(matches!((swapped, cycled), (Swapped::Gone, Cycled::Gone)));
    assert_eq!(files, 0);
    let (swapped, cycled, files) = meddled(true);
    assert!(matches!((swapped, cycled), (Swapped::Moved(_), Cycled::Moved(_))));
    assert_eq!(files, 1);
}

/// Promise 6
#[test]
fn a_cycle_that_finds_the_old_key_gone_takes_the_new_one_back() {
    let path = tempfile::tempdir().unwrap();
    let direct = direct(Folder::open(path.path()).unwrap());
    direct.create(&record("new", "data"), &SessionDict::new(), NOW).unwrap();
    assert!(!direct.retire("sessionidold", "sessionidnew").unwrap());
    assert_eq!(std::fs::read_dir(path.path()).unwrap().count(), 0);
}

#[test]
fn data_over_the_limit_are_not_written() {
    let path = tempfile::tempdir().unwrap();
    let direct = Direct { largest: 3, ..direct(Folder::open(path.path()).unwrap()) };
    let created = direct.create(&record("key", "data"), &SessionDict::new(), NOW);
    assert!(matches!(created, Err(StoreError::Unavailable { .. })), "{created:?}");
    assert!(direct.create(&record("key", "dat"), &SessionDict::new(), NOW).is_ok());
    assert!(direct.load(&key("key"), NOW).unwrap().is_some());
}
