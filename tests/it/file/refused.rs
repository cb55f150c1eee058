//! What the system refuses: no room, no rights, no files.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use lodger_core::{CommitError, SessionKey, SessionStore, StoreError, StoredKey};
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::report::count;

use super::process::{Other, program};

const KEY: &str = "fullkey0123456789abcdefghijklmno";

/// A file that may not get longer stands for a disk without room: each write is cut short.
///
/// Promise 16
#[tokio::test(flavor = "multi_thread")]
async fn a_write_cut_short_is_an_error_and_the_old_value_stays() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let key = site.stored(r#"{"old":true}"#).await;
    // Shells count in blocks of 512 or 1024 bytes; without the trap the signal would end the process.
    let script = r#"trap '' XFSZ; ulimit -f 8; exec "$@""#;
    let other = Other::start_after(script, "put", folder.path(), &[key.expose(), "100000"]);
    let lines = other.output();
    assert!(
        lines[0].starts_with("refused Unavailable") && lines[0].contains("ulimit -f"),
        "{lines:?}"
    );
    assert!(!lines[0].contains(key.expose()), "{lines:?}");
    assert_eq!(site.data(&key).await.unwrap(), r#"{"old":true}"#);
    assert_eq!(folder.names().len(), 1, "the temporary file is gone");
    let other = Other::start_after(script, "put", folder.path(), &[key.expose(), "1000"]);
    assert_eq!(other.output(), ["stored"]);
    folder.close().await;
}

/// On a file system of 64 KiB in a mount namespace of its own, where the system allows one.
#[tokio::test]
async fn a_full_disk_is_an_error_and_the_old_value_stays() {
    let folder = OwnFolder::create();
    let script = r#"mount -t tmpfs -o size=64k lodger "$3" 2>/dev/null || { echo "no mount"; exit 0; }
        exec "$@""#;
    let mut shell = Command::new("unshare");
    shell.args(["--map-root-user", "--mount", "sh", "-c", script, "sh"]);
    shell.arg(program()).arg("fill-up").arg(folder.path()).arg(KEY);
    let what = "file systems that were filled up";
    let lines = match shell.output() {
        Ok(output) if output.status.success() && !output.stdout.starts_with(b"no mount") => {
            String::from_utf8(output.stdout).unwrap()
        }
        Ok(output) if output.status.success() || output.stderr.starts_with(b"unshare:") => {
            // The test above holds what matters without a mount.
            return count(what, 0);
        }
        Err(_) => return count(what, 0),
        other => panic!("{other:?}"),
    };
    let lines: Vec<&str> = lines.lines().collect();
    assert!(lines[0].starts_with("refused Unavailable") && lines[0].contains("full"), "{lines:?}");
    assert_eq!(lines[1], r#"found {"old":true}"#);
    let mut files = lines[2..lines.len() - 1].to_vec();
    files.sort_unstable();
    assert_eq!(files, ["file junk", &format!("file sessionid{KEY}")]);
    assert_eq!(lines.last(), Some(&"stored"), "it goes on when there is room again");
    count(what, 1);
}

/// Promise 9
#[tokio::test]
async fn a_process_without_a_file_to_open_is_not_logged_out() {
    let folder = OwnFolder::create();
    let key = folder.site().stored(r#"{"a":1}"#).await;
    let script = r#"ulimit -n 64; exec "$@""#;
    let lines = Other::start_after(script, "starve", folder.path(), &[key.expose()]).output();
    assert!(lines[0].starts_with("refused") && lines[0].contains("ulimit -n"), "{lines:?}");
    assert_eq!(lines[1], "again true");
    folder.close().await;
}

#[tokio::test]
async fn files_are_for_their_owner_alone_whatever_the_umask() {
    for umask in ["000", "022", "077", "777"] {
        let folder = OwnFolder::create();
        let script = format!(r#"umask {umask}; exec "$@""#);
        let lines = Other::start_after(&script, "create", folder.path(), &[]).output();
        let key = lines[0].strip_prefix("key ").unwrap().to_owned();
        let mode = || fs::metadata(folder.file(&key)).unwrap().permissions().mode() & 0o7777;
        assert_eq!(mode(), 0o600, "created under {umask}");
        let other = Other::start_after(&script, "put", folder.path(), &[&key, "100"]);
        assert_eq!(other.output(), ["stored"]);
        assert_eq!(mode(), 0o600, "replaced under {umask}");
        folder.close().await;
    }
}

/// Promise 9
#[tokio::test]
async fn a_file_that_may_not_be_read_is_an_error_and_no_logout() {
    let folder = OwnFolder::create();
    let key = folder.site().stored(r#"{"a":1}"#).await;
    fs::set_permissions(folder.file(key.expose()), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let lines = as_nobody(folder.path(), &["read", key.expose()]);
    assert!(lines[0].starts_with("refused") && lines[0].contains("may not"), "{lines:?}");
    let lines = as_nobody(folder.path(), &["put", key.expose(), "10"]);
    assert!(lines[0].starts_with("refused") && lines[0].contains("may not"), "{lines:?}");
    folder.close().await;
}

/// Runs the program as a user whom permissions bind: this one, or nobody in the place of root.
fn as_nobody(folder: &Path, arguments: &[&str]) -> Vec<String> {
    const NOBODY: u32 = 65_534;
    // Root's folders may be closed to others, the program in them included.
    let open = tempfile::tempdir().unwrap();
    fs::set_permissions(open.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let copy = open.path().join("session_files");
    fs::copy(program(), &copy).unwrap();
    let mut command = Command::new(copy);
    command.arg(arguments[0]).arg(folder).args(&arguments[1..]).current_dir("/");
    if fs::read("/proc/self/status").unwrap().windows(7).any(|line| line == b"Uid:\t0\t") {
        command.gid(NOBODY).uid(NOBODY);
    }
    Other::spawn(&mut command).output()
}

/// Promise 9
#[tokio::test]
async fn a_folder_that_was_removed_is_an_outage_and_no_logout() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let key = site.stored(r#"{"a":1}"#).await;
    fs::remove_dir_all(folder.path()).unwrap();
    let error = format!("{:?}", site.manager.find(&key).await.unwrap_err());
    assert!(error.contains("Unavailable") && error.contains("removed"), "{error}");
    assert!(matches!(site.manager.revoke(&key).await, Err(CommitError::Unavailable(_))));
    let visit = site.visit(None).await;
    visit.insert("a", &1).unwrap();
    assert!(matches!(visit.end().await, Err(CommitError::Unavailable(_))));
    assert!(site.manager.clear_expired().await.is_err());
    // The folder may come back at its place, but not by itself.
    assert!(!folder.path().exists());
}

/// Promise 9
#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_stays_locked_is_unavailable_and_unchanged() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let key = site.stored(r#"{"a":1}"#).await;
    let file = fs::File::open(folder.file(key.expose())).unwrap();
    file.lock().unwrap();
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#, "reading takes no lock");
    let visit = site.visit(Some(&key)).await;
    visit.insert("a", &2).unwrap();
    let error = visit.end().await.unwrap_err();
    let CommitError::Unavailable(reason) = error else { panic!("{error:?}") };
    assert!(format!("{reason:?}").contains("locked"), "{reason:?}");
    let stored_key = StoredKey::from(&key);
    assert!(matches!(site.faults.delete(&stored_key).await, Err(StoreError::Unavailable { .. })));
    drop(file);
    assert_eq!(site.data(&key).await.unwrap(), r#"{"a":1}"#);
    assert!(site.manager.revoke(&SessionKey::parse(key.expose(), 128).unwrap()).await.unwrap());
    folder.close().await;
}
