//! A server that is killed in the middle of writes.

use std::time::{Duration, Instant};

use lodger_backends::redis::RedisStore;
use lodger_core::{CommitError, LoadError, SessionKey};
use lodger_tests::redis::OwnRedis;
use lodger_tests::report::count;
use lodger_tests::site::Site;

const WRITES: usize = 1000;
const SESSIONS: usize = 10;
/// So often the server is killed.
const KILLS: usize = 3;
/// After this a visitor tries again.
const PATIENCE: Duration = Duration::from_millis(100);

#[derive(Default, Clone, Copy)]
struct Counts {
    acknowledged: usize,
    unavailable: usize,
    unknown: usize,
}

/// Promises 2, 5 and 9
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_server_that_is_killed_among_writes_makes_no_answer_wrong() {
    let durable = ["--appendonly", "yes", "--appendfsync", "always"];
    let Some(mut server) = OwnRedis::start(&durable).await else { return };
    let site = Site::new(RedisStore::connect(&server.url()).unwrap());
    let mut writers = Vec::new();
    for _ in 0..SESSIONS {
        let key = site.stored(r#"{"n":0,"tags":[]}"#).await;
        writers.push(tokio::spawn(write(site.clone(), key, WRITES / SESSIONS)));
    }
    let mut slowest = Duration::ZERO;
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(250)).await;
        server.kill();
        tokio::time::sleep(Duration::from_millis(200)).await;
        server.restart().await.unwrap();
        slowest = slowest.max(time_until_it_answers(&site).await);
    }
    let mut all = Counts::default();
    for writer in writers {
        let (key, counts) = writer.await.unwrap();
        let n: usize = site.field(&key, "n").await.unwrap().parse().unwrap();
        let tags = site.field(&key, "tags").await.unwrap().matches('"').count() / 2;
        assert_eq!(n, tags, "both halves of a write are there, or none");
        let possible = counts.acknowledged..=counts.acknowledged + counts.unknown;
        assert!(possible.contains(&n), "{n} of {possible:?}");
        all.acknowledged += counts.acknowledged;
        all.unavailable += counts.unavailable;
        all.unknown += counts.unknown;
    }
    assert_eq!(all.acknowledged + all.unavailable + all.unknown, WRITES);
    assert!(all.acknowledged > 0 && all.unavailable + all.unknown > 0, "it was not killed amidst");
    assert!(slowest < Duration::from_secs(1), "it took {slowest:?} to find the server again");
    count("redis: writes acknowledged around kills of the server", all.acknowledged);
    count("redis: writes unavailable around kills of the server", all.unavailable);
    count("redis: writes of unknown outcome around kills of the server", all.unknown);
    let millis = usize::try_from(slowest.as_millis()).unwrap();
    count("redis: milliseconds until a server that was killed answered again", millis);
}

/// One visitor who writes until everything was tried once.
async fn write(site: Site<RedisStore>, key: SessionKey, writes: usize) -> (SessionKey, Counts) {
    let mut counts = Counts::default();
    for number in 0..writes {
        // Slow enough for the writes to be spread over the kills.
        tokio::time::sleep(Duration::from_millis(12)).await;
        let visit = match site.try_visit(Some(&key)).await {
            Ok(visit) => visit,
            Err(LoadError::Unavailable(_)) => {
                counts.unavailable += 1;
                tokio::time::sleep(PATIENCE).await;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        assert!(visit.get::<i64>("n").unwrap().is_some(), "the visitor was logged out");
        visit.increment("n", 1).unwrap();
        visit.append("tags", &format!("{number}")).unwrap();
        match visit.end().await {
            Ok(cookie) => {
                assert!(cookie.is_some_and(|cookie| cookie.value == (&key).into()));
                counts.acknowledged += 1;
            }
            Err(CommitError::Unavailable(_)) => counts.unavailable += 1,
            Err(CommitError::Unknown(_)) => counts.unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    (key, counts)
}

/// From the moment when the server is ready.
async fn time_until_it_answers(site: &Site<RedisStore>) -> Duration {
    let began = Instant::now();
    let key = SessionKey::parse("nobodyhasthiskey0123456789abcdef", 128).unwrap();
    while site.manager.find(&key).await.is_err() {
        assert!(began.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    began.elapsed()
}
