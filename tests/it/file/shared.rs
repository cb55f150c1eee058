//! Several processes over one folder.

use lodger_core::SessionKey;
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::report::count;

use super::process::Other;

/// Increments in each process.
const TIMES: u32 = 500;

/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn increments_of_two_processes_add_up() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let key = site.stored(r#"{"n":0}"#).await;
    let start = || Other::start("increment", folder.path(), &[key.expose(), &TIMES.to_string()]);
    for other in [start(), start()] {
        assert_eq!(other.output(), ["begun".to_owned(), format!("done {TIMES}")]);
    }
    assert_eq!(site.field(&key, "n").await.unwrap(), (2 * TIMES).to_string());
    count("increments of two processes on one session file", 2 * TIMES as usize);
    folder.close().await;
}

/// Promise 5
#[tokio::test(flavor = "multi_thread")]
async fn increments_over_two_stores_of_one_process_add_up() {
    let folder = OwnFolder::create();
    let first = folder.site();
    let key = first.stored(r#"{"n":0}"#).await;
    let mut tasks = Vec::new();
    for site in [first.clone(), folder.site()] {
        let key = key.clone();
        tasks.push(tokio::spawn(async move {
            for _ in 0..100 {
                let visit = site.visit(Some(&key)).await;
                visit.increment("n", 1).unwrap();
                visit.end().await.unwrap();
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
    assert_eq!(first.field(&key, "n").await.unwrap(), "200");
    folder.close().await;
}

/// Promises 3 and 4
#[tokio::test(flavor = "multi_thread")]
async fn a_logout_among_saves_of_another_process_is_final() {
    let folder = OwnFolder::create();
    let site = folder.site();
    let mut saved = 0;
    for round in 0..30 {
        let key: SessionKey = site.stored(r#"{"n":0}"#).await;
        let mut other = Other::start("increment", folder.path(), &[key.expose(), "100000"]);
        assert_eq!(other.line().as_deref(), Some("begun"));
        tokio::time::sleep(std::time::Duration::from_micros(701 * round)).await;
        assert!(site.manager.revoke(&key).await.unwrap());
        assert!(!folder.file(key.expose()).exists(), "it came back");
        let last = other.output().pop().unwrap();
        saved += last.strip_prefix("gone ").expect(&last).parse::<usize>().unwrap();
        assert!(!folder.file(key.expose()).exists(), "it came back");
    }
    assert!(saved > 0, "no save was under way");
    count("saves of another process before a logout", saved);
    folder.close().await;
}
