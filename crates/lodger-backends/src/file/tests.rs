//! What takes a look inside: others who take no lock, and bounds.

use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    Context, Cycled, DecodeError, Decoded, EncodeError, Limits, SessionCodec, SessionData,
    SessionDict, SessionRecord, Settings, StoreError, StoredKey, Swapped, Timestamp, Version,
    Write,
};

use super::direct::Direct;
use super::ending::Ending;
use super::folder::Folder;
use super::name::FileNames;
use super::settling::Settling;
use super::sweep::Walks;

pub(super) const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);
pub(super) const END: Timestamp = Timestamp::from_secs(1_700_003_600);

pub(super) fn direct(folder: Folder) -> Direct {
    let settings = Settings::default();
    let keys = KeyRing::new("secret").unwrap();
    Direct {
        folder,
        settling: Settling::default(),
        names: FileNames::new(&settings.cookie_name, settings.limits.key),
        ending: Ending::new(&settings),
        codec: Arc::new(DjangoCodec::new(keys, Limits::default())),
        largest: settings.limits.session_data,
        patience: Duration::from_secs(1),
    }
}

pub(super) fn key(text: &str) -> StoredKey {
    StoredKey::from(text.to_owned())
}

pub(super) fn write(text: &str) -> Write {
    let session_data = SessionData::from_text(text);
    Write { session_data, expire_date: END, fields: SessionDict::new() }
}

pub(super) fn record(name: &str, text: &str) -> SessionRecord {
    let session_data = SessionData::from_text(text);
    SessionRecord { session_key: key(name), session_data, expire_date: END }
}

pub(super) fn data(direct: &Direct, name: &str) -> Option<String> {
    let loaded = direct.load(&key(name), NOW).unwrap()?;
    Some(loaded.record.session_data.as_text()?.to_owned())
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
fn a_cycle_tells_which_keys_it_left() {
    let path = tempfile::tempdir().unwrap();
    let direct = direct(Folder::open(path.path()).unwrap());
    // A folder cannot be unlinked, whoever tries.
    std::fs::create_dir(path.path().join("sessionidnew")).unwrap();
    let error = direct.retire("sessionidold", "sessionidnew").unwrap_err();
    assert!(!error.to_string().contains("both"), "{error}");
    std::fs::create_dir(path.path().join("sessionidold")).unwrap();
    let error = direct.retire("sessionidold", "sessionidnew").unwrap_err();
    assert!(error.to_string().contains("both"), "{error}");
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

/// A program that runs may not be opened for writing.
#[test]
fn a_file_that_cannot_be_read_stops_no_clearing_and_is_reported_at_its_end() {
    let path = tempfile::tempdir().unwrap();
    let direct = direct(Folder::open(path.path()).unwrap());
    let program = path.path().join("sessionidprogram");
    std::fs::copy("/bin/sh", &program).unwrap();
    let mut shell = Command::new(&program);
    let shell = shell.arg0("sh").args(["-c", "read line"]).stdin(Stdio::piped()).spawn();
    let mut shell = shell.unwrap();
    let ended = SessionRecord { expire_date: NOW, ..record("ended", "data") };
    for number in 0..20 {
        let session_key = key(&format!("ended{number}"));
        let record = SessionRecord { session_key, ..ended.clone() };
        direct.create(&record, &SessionDict::new(), NOW).unwrap();
    }
    let (walks, later) = (Walks::default(), END);
    let clear = |limit: u64| {
        let mut cursor = None;
        loop {
            cursor = direct.clear_expired(&walks, later, limit, cursor.as_ref())?.next;
            if cursor.is_none() {
                return Ok::<(), StoreError>(());
            }
        }
    };
    let error = clear(3).unwrap_err();
    assert!(error.to_string().contains("1 file was passed over"), "{error}");
    assert!(!error.to_string().contains("program"), "{error}");
    let left = std::fs::read_dir(path.path()).unwrap();
    assert_eq!(left.count(), 1, "all others are gone");
    drop(shell.stdin.take());
    shell.wait().unwrap();
    clear(3).unwrap();
}

#[test]
fn what_is_tried_in_a_folder_leaves_nothing_there() {
    let path = tempfile::tempdir().unwrap();
    let folder = Folder::open(path.path()).unwrap();
    folder.probe(["one", "other"]).unwrap();
    assert_eq!(std::fs::read_dir(path.path()).unwrap().count(), 0);
    std::fs::remove_dir(path.path()).unwrap();
    folder.probe(["one", "other"]).unwrap();
}
