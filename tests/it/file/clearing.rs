//! Clearing a folder.

use std::fs;

use lodger_core::{Clock, Cursor, SessionStore, Settings, Span, SystemClock, Timestamp};
use lodger_tests::file_fixture::{OwnFolder, plant, write_modified};
use lodger_tests::report::count;

use super::process::Other;

fn now() -> Timestamp {
    SystemClock.now()
}

/// In whole batches, until there is nothing more to look at; how many went.
async fn clear(store: &impl SessionStore, limit: u64) -> u64 {
    let (mut deleted, mut cursor) = (0, None);
    loop {
        let swept = store.clear_expired(now(), limit, cursor).await.unwrap();
        assert!(swept.deleted <= limit);
        deleted += swept.deleted;
        cursor = swept.next;
        if cursor.is_none() {
            return deleted;
        }
    }
}

#[tokio::test]
async fn temporary_files_are_swept_when_they_are_old_and_nobody_writes_them() {
    let folder = OwnFolder::create();
    let old = now() - Span::from_secs(3700);
    let path = |name: &str| folder.path().join(name);
    write_modified(&path("sessionidabcdefgh_out_00000001"), b"half", old);
    write_modified(&path("sessionidabcdefgh_out_x_y_z"), b"", old);
    write_modified(&path("sessionidabcdefgh_out_written"), b"half", old);
    write_modified(&path("sessionidabcdefgh_out_young"), b"half", now() - Span::from_secs(3500));
    // None of ours, whatever their age.
    for other in ["otherfile", "sessionid", "sessionidABC_out_x", "sessionid_out_x", "x_out_y"] {
        write_modified(&path(other), b"", old);
    }
    let written = fs::File::open(path("sessionidabcdefgh_out_written")).unwrap();
    written.lock().unwrap();
    assert_eq!(clear(&folder.store(), 100).await, 0, "they are no sessions");
    let left: Vec<String> =
        folder.names().into_iter().filter(|name| name.contains("abcdefgh")).collect();
    assert_eq!(left, ["sessionidabcdefgh_out_written", "sessionidabcdefgh_out_young"]);
    assert_eq!(folder.names().len(), 7);
}

#[tokio::test]
async fn an_empty_file_and_a_file_that_is_being_written_stay() {
    let folder = OwnFolder::create();
    let long_ago = now() - Span::from_secs(100 * 86_400);
    for name in ["empty", "locked", "ended"] {
        plant(&folder.file(name), if name == "empty" { "" } else { "data" }, long_ago);
    }
    let locked = fs::File::open(folder.file("locked")).unwrap();
    locked.lock().unwrap();
    assert_eq!(clear(&folder.store(), 100).await, 1);
    assert_eq!(folder.names(), ["sessionidempty", "sessionidlocked"]);
    drop(locked);
    assert_eq!(clear(&folder.store(), 100).await, 1);
    folder.close().await;
}

#[tokio::test]
async fn a_clearing_goes_on_where_it_was_and_begins_anew_when_it_is_not_known() {
    let folder = OwnFolder::create();
    let (ended, live) = (now() - Span::from_secs(60), now() + Span::from_secs(60));
    for number in 0..40 {
        plant(&folder.file(&format!("ended{number}")), "data", ended);
        plant(&folder.file(&format!("live{number}")), "data", live);
    }
    let store = folder.store();
    let first = store.clear_expired(now(), 10, None).await.unwrap();
    assert_eq!(first.deleted, 10);
    // Another process, or this one after a restart.
    let other = folder.store().clear_expired(now(), 10, first.next.clone()).await.unwrap();
    assert_eq!(other.deleted, 10);
    for unknown in ["", "x", "18446744073709551615"] {
        let swept = store.clear_expired(now(), 1, Some(Cursor::new(unknown))).await.unwrap();
        assert_eq!(swept.deleted, 1, "{unknown:?}");
    }
    // Its place is kept while others begin, but not while many do.
    let swept = store.clear_expired(now(), 1, first.next).await.unwrap();
    let (mut deleted, first) = (23 + swept.deleted, swept.next);
    assert!(first.is_some());
    for _ in 0..8 {
        let swept = store.clear_expired(now(), 1, None).await.unwrap();
        assert!(swept.next.is_some(), "it rests");
        deleted += swept.deleted;
    }
    let error = store.clear_expired(now(), 1, first).await.unwrap_err();
    assert!(error.to_string().contains("too many"), "{error}");
    assert_eq!(deleted + clear(&store, 10).await, 40);
    assert_eq!(folder.names().len(), 40);
    folder.close().await;
}

#[tokio::test]
async fn two_clearings_at_once_remove_each_file_once() {
    let folder = OwnFolder::create();
    for number in 0..300 {
        plant(&folder.file(&format!("ended{number}")), "data", now() - Span::from_secs(60));
    }
    let (first, second) = (folder.store(), folder.store());
    let (one, other) = tokio::join!(clear(&first, 7), clear(&second, 11));
    assert_eq!(one + other + clear(&first, 100).await, 300);
    assert_eq!(folder.names(), [] as [&str; 0]);
    folder.close().await;
}

/// What `Settings::default` ends and `Settings::django` keeps.
#[tokio::test]
async fn seconds_count_from_the_file_or_never_end() {
    let folder = OwnFolder::create();
    let site = lodger_tests::site::Site::new(folder.store());
    let key = site.stored(r#"{"_session_expiry":300,"k":1}"#).await;
    site.clock.advance(Span::from_secs(301));
    assert_eq!(site.data(&key).await, None);
    let shared = lodger_tests::site::Site::with_settings(
        folder.store_with(&Settings::django()),
        Settings::django(),
    );
    shared.clock.set(site.clock.now());
    assert!(shared.data(&key).await.is_some(), "as in Django");
    shared.clock.advance(Span::from_secs(10 * 365 * 86_400));
    assert!(shared.data(&key).await.is_some(), "as in Django");
    assert_eq!(shared.manager.clear_expired().await.unwrap(), 0);
    assert_eq!(site.manager.clear_expired().await.unwrap(), 1);
    folder.close().await;
}

/// Promise 10
#[tokio::test]
async fn twenty_thousand_files_are_cleared_in_bounded_memory() {
    const FILES: usize = 20_000;
    const KIB: u64 = 512;
    let folder = OwnFolder::create();
    Other::start("plant", folder.path(), &[&FILES.to_string()]).output();
    let lines = Other::start("clear", folder.path(), &[]).output();
    assert!(lines[0].starts_with(&format!("cleared {} in ", FILES / 2)), "{lines:?}");
    let memory: Vec<u64> =
        lines[1].split(' ').skip(1).map(|number| number.parse().unwrap()).collect();
    let grown = memory[1] - memory[0];
    assert!(grown < KIB, "the memory grew by {grown} KiB: {lines:?}");
    assert_eq!(folder.names().len(), FILES / 2);
    count("session files in a folder that was cleared", FILES);
    folder.close().await;
}
