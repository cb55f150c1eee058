//! Sessions in files.

use std::path::PathBuf;

use lodger_backends::file::{FileStore, FolderError};
use lodger_core::{
    CookieValue, Expiry, Limits, Presented, SessionStore, Settings, Span, StoredKey,
};
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::site::{SECRET_KEY, Site, codec};

fn django(folder: &OwnFolder) -> Site<FileStore> {
    Site::with_settings(folder.store_with(&Settings::django()), Settings::django())
}

/// Django: FileSessionTests.test_configuration_check
#[test]
fn a_missing_folder_is_an_error_at_the_start() {
    let folder = OwnFolder::create();
    let open = |path: PathBuf| {
        let opened =
            FileStore::open(path, codec(SECRET_KEY, Limits::default()), &Settings::django());
        opened.map(|_| ()).unwrap_err()
    };
    let error = open(folder.path().join("missing"));
    assert!(matches!(error, FolderError::Missing { .. }), "{error}");
    assert!(error.to_string().contains("missing"), "it names the folder: {error}");
    let error = open(PathBuf::new());
    assert!(matches!(error, FolderError::Missing { .. }), "{error}");
    std::fs::write(folder.path().join("file"), "").unwrap();
    let error = open(folder.path().join("file"));
    assert!(matches!(error, FolderError::NoFolder { .. }), "{error}");

    let mut settings = Settings::django();
    settings.cookie_name = "../sessionid".into();
    let opened = FileStore::open(folder.path(), codec(SECRET_KEY, Limits::default()), &settings);
    assert!(matches!(opened, Err(FolderError::Settings(_))));
}

/// Proves that a key names no file: nothing is found, and nothing made.
async fn names_no_file(text: &str) {
    let folder = OwnFolder::create();
    let site = django(&folder);
    let stored_key = StoredKey::from(text.to_owned());
    let now = lodger_core::Clock::now(&site.clock);
    assert!(site.faults.load(&stored_key, now).await.unwrap().is_none());
    assert!(!site.faults.delete(&stored_key).await.unwrap());
    let request = site.request(Presented::Value(CookieValue::new(text.as_bytes())));
    let session = request.load().await.unwrap();
    assert!(session.fields().is_empty());
    assert_eq!(session.session_key(), None);
    assert_eq!(folder.names(), [] as [&str; 0]);
    folder.close().await;
}

/// Django: FileSessionTests.test_invalid_key_backslash
#[tokio::test]
async fn a_key_with_backslashes_is_absent() {
    names_no_file("a\\b\\c\\d\\e\\f").await;
}

/// Django: FileSessionTests.test_invalid_key_forwardslash
#[tokio::test]
async fn a_key_with_slashes_is_absent() {
    names_no_file("a/b/c/d/e/f").await;
    names_no_file("../../etc/passwd").await;
}

/// Django: FileSessionTests.test_clearsessions_command
#[tokio::test]
async fn clearing_removes_only_expired_files() {
    let folder = OwnFolder::create();
    let site = django(&folder);
    for (field, seconds) in [("one", 3600), ("other", -3600)] {
        let visit = site.visit(None).await;
        visit.insert("foo", field).unwrap();
        visit.set_expiry(Expiry::Sliding(Span::from_secs(seconds))).unwrap();
        visit.end().await.unwrap();
    }
    assert_eq!(folder.names().len(), 2);
    assert_eq!(site.manager.clear_expired().await.unwrap(), 1);
    assert_eq!(folder.names().len(), 1);
    folder.close().await;
}
