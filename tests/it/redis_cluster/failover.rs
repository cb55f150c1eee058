//! A leader that is killed under load.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use lodger_backends::redis::RedisStore;
use lodger_core::{CommitError, LoadError, SessionKey};
use lodger_tests::redis::OwnCluster;
use lodger_tests::report::count;
use lodger_tests::site::Site;

const SESSIONS: usize = 30;

#[derive(Default, Clone, Copy)]
struct Counts {
    acknowledged: usize,
    unavailable: usize,
    unknown: usize,
    lost: usize,
    /// The longest time in which nothing was acknowledged.
    outage: Duration,
}

/// Promises 2, 5 and 9
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_leader_that_is_killed_under_load_loses_little_and_repeats_nothing() {
    let durable = ["--appendonly", "yes"];
    let Some(mut cluster) = OwnCluster::start(&durable).await else { return };
    let site = Site::new(RedisStore::connect(&cluster.url()).unwrap());
    let done = Arc::new(AtomicBool::new(false));
    let mut writers = Vec::new();
    let mut first = None;
    for _ in 0..SESSIONS {
        let key = site.stored(r#"{"n":0}"#).await;
        first.get_or_insert_with(|| format!("lodger:session:{{{}}}", key.expose()));
        writers.push(tokio::spawn(write(site.clone(), key, Arc::clone(&done))));
    }
    tokio::time::sleep(Duration::from_millis(500)).await;
    let leader = cluster.leader(&first.unwrap()).await;
    cluster.kill(leader);
    // The replica takes over after the node timeout and an election.
    tokio::time::sleep(Duration::from_secs(6)).await;
    done.store(true, Ordering::SeqCst);
    let mut all = Counts::default();
    let mut gone = 0;
    for writer in writers {
        let (key, counts) = writer.await.unwrap();
        let most = counts.acknowledged + counts.unknown;
        match site.field(&key, "n").await {
            Some(n) => {
                let n: usize = n.parse().unwrap();
                assert!(n <= most, "{n} of {most}: a write was applied twice");
                all.lost += counts.acknowledged.saturating_sub(n);
            }
            // Made so shortly before that the replica had not got it.
            None => gone += 1,
        }
        all.acknowledged += counts.acknowledged;
        all.unavailable += counts.unavailable;
        all.unknown += counts.unknown;
        all.outage = all.outage.max(counts.outage);
    }
    assert_eq!(gone, 0, "the replica had all sessions half a second before");
    assert!(all.unavailable > 0, "nobody noticed that the leader was killed");
    assert!(all.outage < Duration::from_secs(6), "it did not recover: {:?}", all.outage);
    count("redis_cluster: writes acknowledged around a failover", all.acknowledged);
    count("redis_cluster: writes unavailable around a failover", all.unavailable);
    count("redis_cluster: writes of unknown outcome around a failover", all.unknown);
    count("redis_cluster: acknowledged writes lost by a failover", all.lost);
    let millis = usize::try_from(all.outage.as_millis()).unwrap();
    count("redis_cluster: milliseconds without a leader", millis);
}

/// One visitor who counts until it is enough.
async fn write(
    site: Site<RedisStore>,
    key: SessionKey,
    done: Arc<AtomicBool>,
) -> (SessionKey, Counts) {
    let mut counts = Counts::default();
    let mut last = Instant::now();
    while !done.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(10)).await;
        let visit = match site.try_visit(Some(&key)).await {
            Ok(visit) => visit,
            Err(LoadError::Unavailable(_)) => {
                counts.unavailable += 1;
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        assert!(visit.get::<i64>("n").unwrap().is_some(), "the visitor was logged out");
        visit.increment("n", 1).unwrap();
        match visit.end().await {
            Ok(_) => {
                counts.acknowledged += 1;
                counts.outage = counts.outage.max(last.elapsed());
                last = Instant::now();
            }
            Err(CommitError::Unavailable(_)) => counts.unavailable += 1,
            Err(CommitError::Unknown(_)) => counts.unknown += 1,
            Err(error) => panic!("{error}"),
        }
    }
    counts.outage = counts.outage.max(last.elapsed());
    (key, counts)
}
