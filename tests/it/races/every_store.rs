//! Two thousand operations on each store, by two processes where more than one can use it.

use std::path::Path;

use lodger_tests::races::{Plan, RaceBackend, Round};
use lodger_tests::report::count;

/// The program `races` of this package.
const PROGRAM: &str = env!("CARGO_BIN_EXE_races");

async fn race(backend: RaceBackend) {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan { sessions: 8, processes: 2, tasks: 4, events: 2000, seed: 1 };
    let round = Round { backend, plan, program: Path::new(PROGRAM), folder: folder.path() };
    let Some((tally, verdict)) = round.run().await.unwrap() else { return };
    assert!(tally.is_clean(), "{verdict:#?}");
    assert!(tally.events() >= plan.events && tally.ok > tally.events() / 2, "{tally:#?}");
    assert_eq!(tally.operations.len(), 11, "every operation comes: {tally:#?}");
    count("operations raced", tally.events());
}

/// A test for each of these stores.
macro_rules! races {
    ($($test:ident: $backend:ident),+ $(,)?) => {
        $(
            /// Promise 5
            #[tokio::test(flavor = "multi_thread")]
            async fn $test() {
                race(RaceBackend::$backend).await;
            }
        )+
    };
}

races! {
    memory: Memory,
    sqlite: Sqlite,
    postgres: Postgres,
    mariadb: Mariadb,
    redis: Redis,
    redis_cluster: RedisCluster,
    memcached: Memcached,
    file: File,
    cached_memory_sqlite: CachedMemorySqlite,
    cached_redis_postgres: CachedRedisPostgres,
    cached_memcached_mariadb: CachedMemcachedMariadb,
}
