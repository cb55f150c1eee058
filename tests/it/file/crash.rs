//! A process that is killed in the midst of writing.

use std::time::Duration;

use lodger_core::{Clock, SessionKey, Span, SystemClock};
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::report::count;
use lodger_tests::site::Site;

use super::process::Other;

const KILLS: u64 = 100;

/// Promises 2 and 16
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_process_leaves_the_old_value_or_the_new() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let key = site.stored(r#"{"n":0,"copies":[]}"#).await;
    let (mut stored, mut strays) = (0, 0);
    for round in 0..KILLS {
        let mut other = Other::start("rewrite", folder.path(), &[key.expose()]);
        assert_eq!(other.line().as_deref(), Some("begun"));
        // From the first write on, in no step with the writes.
        tokio::time::sleep(Duration::from_micros(997 + round * 317)).await;
        let lines = other.kill();
        let acknowledged = lines.iter().filter_map(|line| line.strip_prefix("stored ")).next_back();
        let before = stored;
        stored = consistent(&site, &key).await;
        let acknowledged = acknowledged.map_or(before, |number| number.parse().unwrap());
        assert!(stored == acknowledged || stored == acknowledged + 1, "{stored}, {acknowledged}");
        strays = left(&folder);
    }
    assert!(stored > KILLS / 4, "hardly anything was written: {stored}");
    count("values written until kill -9", usize::try_from(stored).unwrap());
    count("temporary files that kill -9 left behind", strays);

    // What they left is swept, though not at once: it may be in use.
    assert_eq!(site.manager.clear_expired().await.unwrap(), 0);
    assert_eq!(left(&folder), strays);
    site.clock.set(SystemClock.now() + Span::from_secs(7200));
    assert_eq!(site.manager.clear_expired().await.unwrap(), 0);
    assert_eq!(left(&folder), 0);
    assert_eq!(folder.names().len(), 1);
    folder.close().await;
}

/// The number in the session, which all its copies must be.
async fn consistent(site: &Site<lodger_backends::file::FileStore>, key: &SessionKey) -> u64 {
    let visit = site.visit(Some(key)).await;
    let number: u64 = visit.get("n").unwrap().expect("the session is there");
    let copies: Vec<u64> = visit.get("copies").unwrap().expect("the session is whole");
    assert!(copies.iter().all(|copy| *copy == number));
    number
}

fn left(folder: &OwnFolder) -> usize {
    folder.names().iter().filter(|name| name.contains("_out_")).count()
}
