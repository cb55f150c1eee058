//! Something else where a session's file goes.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use lodger_backends::file::FileStore;
use lodger_core::{
    Clock, Created, SessionData, SessionDict, SessionKey, SessionRecord, SessionStore, Settings,
    Span, StoreError, StoredKey, Version, Write,
};
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::site::{Site, dict};

const KEY: &str = "plantedkey0123456789abcdefghijkl";

fn stored_key() -> StoredKey {
    StoredKey::from(KEY.to_owned())
}

fn is_refusal<T: std::fmt::Debug>(result: Result<T, StoreError>) {
    match result {
        Err(StoreError::Unavailable { reason }) => {
            assert!(reason.contains("something else lies"), "{reason}");
            // Promise 12
            assert!(!reason.contains(KEY), "{reason}");
        }
        other => panic!("{other:?}"),
    }
}

/// Every call says what is wrong, at once, and touches nothing.
async fn every_call_refuses(store: &FileStore) {
    let begun = Instant::now();
    let (key, other) = (stored_key(), StoredKey::from("another0".to_owned()));
    let now = lodger_core::SystemClock.now();
    let end = now + Span::from_secs(3600);
    let version = Version::from_data(SessionData::from_text("foreign"));
    let write = || Write {
        session_data: SessionData::from_text("ours"),
        expire_date: end,
        fields: SessionDict::new(),
    };
    is_refusal(store.load(&key, now).await);
    is_refusal(store.swap(&key, &version, write(), now).await);
    is_refusal(store.touch(&key, &version, end, now).await);
    is_refusal(store.cycle(&key, &version, &other, write(), now).await);
    is_refusal(store.delete(&key).await);
    let record = SessionRecord {
        session_key: key,
        session_data: SessionData::from_text("ours"),
        expire_date: end,
    };
    assert_eq!(store.create(record, SessionDict::new(), now).await, Ok(Created::Taken));
    let late = now + Span::from_secs(100 * 365 * 86_400);
    assert_eq!(store.clear_expired(late, 100, None).await.unwrap().deleted, 0);
    assert!(begun.elapsed() < Duration::from_secs(1), "it waited for somebody");
}

#[tokio::test]
async fn a_link_is_neither_read_nor_written_nor_removed() {
    let (folder, elsewhere) = (OwnFolder::create(), tempfile::tempdir().unwrap());
    let secret = elsewhere.path().join("secret");
    fs::write(&secret, "foreign").unwrap();
    for target in [secret.as_path(), elsewhere.path(), Path::new("/dev/zero"), Path::new("nowhere")]
    {
        symlink(target, folder.file(KEY)).unwrap();
        every_call_refuses(&folder.store()).await;
        assert_eq!(fs::read_link(folder.file(KEY)).unwrap(), target);
        fs::remove_file(folder.file(KEY)).unwrap();
    }
    assert_eq!(fs::read_to_string(&secret).unwrap(), "foreign");
    assert!(!folder.path().join("nowhere").exists());
    folder.close().await;
}

#[tokio::test]
async fn a_folder_a_pipe_and_a_socket_are_refused_at_once() {
    let folder = OwnFolder::create();
    let path = folder.file(KEY);
    fs::create_dir(&path).unwrap();
    every_call_refuses(&folder.store()).await;
    fs::remove_dir(&path).unwrap();

    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    every_call_refuses(&folder.store()).await;
    fs::remove_file(&path).unwrap();

    let socket = UnixListener::bind(&path).unwrap();
    every_call_refuses(&folder.store()).await;
    drop(socket);
    fs::remove_file(&path).unwrap();
    folder.close().await;
}

/// A hard link cannot be told from a file, so what it leads to is read, and never changed.
#[tokio::test]
async fn a_hard_link_is_not_written_through() {
    let (folder, elsewhere) = (OwnFolder::create(), tempfile::tempdir().unwrap());
    let outside = elsewhere.path().join("outside");
    for work in ["overwrite", "renew", "log out"] {
        fs::write(&outside, "foreign").unwrap();
        let modified = fs::metadata(&outside).unwrap().modified().unwrap();
        fs::hard_link(&outside, folder.file(KEY)).unwrap();
        let settings = Settings::django();
        let site = Site::with_settings(folder.store_with(&settings), settings);
        let key = SessionKey::parse(KEY, 128).unwrap();
        let visit = site.visit(Some(&key)).await;
        assert!(visit.fields().is_empty());
        match work {
            "overwrite" => visit.insert("a", &1).unwrap(),
            "log out" => visit.flush().unwrap(),
            _ => {}
        }
        let cookie = visit.request.commit(true).await.unwrap();
        assert_eq!(cookie.is_some(), work != "log out");
        assert_eq!(fs::read_to_string(&outside).unwrap(), "foreign", "{work}");
        assert_eq!(fs::metadata(&outside).unwrap().modified().unwrap(), modified, "{work}");
        assert_eq!(folder.file(KEY).exists(), work != "log out");
        let _ = fs::remove_file(folder.file(KEY));
    }
    folder.close().await;
}

#[tokio::test]
async fn what_is_too_large_is_not_read_as_a_whole() {
    let mut settings = Settings::default();
    settings.limits.session_data = 1000;
    let folder = OwnFolder::create();
    // A terabyte, of which the disk holds nothing.
    fs::File::create(folder.file(KEY)).unwrap().set_len(1 << 40).unwrap();
    let now = lodger_core::SystemClock.now();
    let loaded = folder.store_with(&settings).load(&stored_key(), now).await.unwrap().unwrap();
    assert_eq!(loaded.record.session_data.as_bytes().len(), 1001);
    assert_eq!(loaded.decoded, None);

    let site = Site::with_settings(folder.store_with(&settings), settings.clone());
    site.clock.set(now);
    let key = SessionKey::parse(KEY, 128).unwrap();
    let visit = site.visit(Some(&key)).await;
    assert!(visit.fields().is_empty());
    visit.insert("a", &1).unwrap();
    assert_ne!(visit.end_with_key().await.unwrap(), key);
    assert_eq!(fs::metadata(folder.file(KEY)).unwrap().len(), 1 << 40, "it stays as it is");
    folder.close().await;
}

#[tokio::test]
async fn bytes_that_are_no_text_are_data_that_nobody_can_decode() {
    let folder = OwnFolder::create();
    fs::write(folder.file(KEY), b"\xFF\xFE\0").unwrap();
    let now = lodger_core::SystemClock.now();
    let loaded = folder.store().load(&stored_key(), now).await.unwrap().unwrap();
    assert_eq!(loaded.record.session_data.as_bytes(), b"\xFF\xFE\0");
    assert!(loaded.decoded.is_none() && loaded.version.is_some());
    folder.close().await;
}

/// A file in the making, as Django has it, is a session without fields.
#[tokio::test]
async fn an_empty_file_is_an_empty_session_that_keeps_its_key() {
    let folder = OwnFolder::create();
    let site = folder.site();
    fs::write(folder.file(KEY), "").unwrap();
    let key = SessionKey::parse(KEY, 128).unwrap();
    let visit = site.visit(Some(&key)).await;
    assert!(visit.fields().is_empty());
    assert_eq!(visit.session_key(), Some(key.clone()));
    visit.insert("a", &1).unwrap();
    assert_eq!(visit.end_with_key().await, Some(key.clone()));
    assert_eq!(site.manager.find(&key).await.unwrap(), Some(dict(r#"{"a":1}"#)));
    let mode = fs::metadata(folder.file(KEY)).unwrap().permissions().mode();
    assert_eq!(mode & 0o7777, 0o600, "the mode of a file that is replaced is ours");
    folder.close().await;
}
