//! A little of each fault that `cargo xtask chaos` inflicts at length.
//!
//! Rows that are added to [`FAULTS`] run here by themselves.

use std::path::PathBuf;

use futures_util::stream::{self, StreamExt};
use lodger_tests::chaos::backend::Backend;
use lodger_tests::chaos::plan::{FAULTS, Fault, Kind, Line, Plan};
use lodger_tests::chaos::row::Tally;
use lodger_tests::report::{count, skip};
use tokio::sync::Mutex;

/// So many faults are inflicted at a time: most of the time of each is waiting.
const AT_ONCE: usize = 4;
/// A fault of which little is done may miss; it is inflicted again then.
const ATTEMPTS: u64 = 4;
/// The data folders of the databases, which one server uses at a time.
static FOLDERS: Mutex<()> = Mutex::const_new(());

/// Faults that take longer than a test may.
const fn is_short(fault: &Fault, backend: Backend) -> bool {
    // A database's server takes seconds to come up, so of those only kills are tried here.
    !has_folder(backend) || matches!(fault.kind, Kind::Kill)
}

/// Whether `cargo xtask` makes a data folder for it.
const fn has_folder(backend: Backend) -> bool {
    matches!(backend, Backend::Postgres | Backend::Mariadb | Backend::CachedDbPostgres)
}

async fn faults_of(backend: Backend) {
    let alone = if has_folder(backend) { Some(FOLDERS.lock().await) } else { None };
    let faults: Vec<&Fault> = FAULTS
        .iter()
        .filter(|fault| fault.on.contains(&backend) && is_short(fault, backend))
        .collect();
    let lanes = if alone.is_some() { 1 } else { AT_ONCE };
    let lines = stream::iter(faults).map(|fault| inflict(fault, backend)).buffer_unordered(lanes);
    let (mut broken, mut skipped, mut inflicted) = (Vec::new(), Vec::new(), 0);
    for line in lines.collect::<Vec<_>>().await {
        match line {
            Line::Row { row, forbidden, .. } => {
                inflicted += row.tally.injections as usize;
                if !forbidden.is_empty() {
                    broken.push((row.fault, forbidden, row.tally));
                }
            }
            Line::Skip { fault, reason, .. } => skipped.push(format!("{fault}: {reason}")),
        }
    }
    assert!(broken.is_empty(), "promises were broken: {broken:#?}");
    match skipped.first() {
        Some(reason) if inflicted == 0 => return skip(reason),
        _ => count("faults inflicted", inflicted),
    }
    for reason in &skipped {
        count(&format!("not inflicted on {}, {reason}", backend.name()), 1);
    }
}

async fn inflict(fault: &Fault, backend: Backend) -> Line {
    let program = PathBuf::from(env!("CARGO_BIN_EXE_chaos"));
    for seed in 1.. {
        let plan = Plan { quick: true, seed, program: program.clone(), ..Plan::default() };
        let line = plan.inflict(fault, backend).await;
        // What could not be carried through is no miss.
        let missed = |tally: &Tally| tally.injections == 0 && tally.findings.is_empty();
        if !matches!(&line, Line::Row { row, .. } if missed(&row.tally)) || seed == ATTEMPTS {
            return line;
        }
    }
    unreachable!("the last attempt is the last")
}

/// A test for each of these backends, and what they are.
macro_rules! faults {
    ($($test:ident: $backend:ident),+ $(,)?) => {
        $(
            /// Promises 2, 3 and 9
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                faults_of(Backend::$backend).await;
            }
        )+

        /// What has a test here.
        const TESTED: &[Backend] = &[$(Backend::$backend),+];
    };
}

faults! {
    memory: Memory,
    sqlite: Sqlite,
    file: File,
    postgres: Postgres,
    mariadb: Mariadb,
    redis_aof: RedisAof,
    redis: Redis,
    memcached: Memcached,
    cached_db: CachedDb,
    cached_db_redis: CachedDbRedis,
    cached_db_postgres: CachedDbPostgres,
}

/// A Redis Cluster takes as long to notice that a leader is gone as it takes, which is left to
/// `cargo xtask chaos`.
#[test]
fn every_backend_is_tried_but_for_a_cluster() {
    for backend in Backend::ALL {
        let left = backend == Backend::RedisCluster;
        assert_eq!(TESTED.contains(&backend), !left, "{}", backend.name());
    }
}
