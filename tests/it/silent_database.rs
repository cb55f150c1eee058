//! Connections to a database that fall silent, or are given up, do not use up the pool.

use std::time::Duration;

use futures_util::future::join_all;
use lodger_backends::cached_db::CachedDbStore;
use lodger_backends::db::DbStore;
use lodger_backends::memory::MemoryCache;
use lodger_core::{AnyStore, Limits, SessionStore, StoredKey, Timestamp};
use lodger_tests::chaos::giving_up::{Dropped, polled};
use lodger_tests::database::{Backend, OwnDatabase};
use lodger_tests::proxy::{Cut, Proxy, Way};
use lodger_tests::site::{SECRET_KEY, codec};
use sea_orm::{ConnectionTrait, Statement};
use tokio::time::Instant;

/// So many a pool has.
const PLACES: usize = 10;
/// How long a call may take that is answered, and one that is not.
const LONG: Duration = Duration::from_secs(3);
const SHORT: Duration = Duration::from_millis(300);

mod postgres {
    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_are_given_up_keep_no_place_in_the_pool() {
        super::loads_keep_no_place(super::Backend::Postgres).await;
    }

    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn writes_behind_a_cache_keep_no_place_in_the_pool() {
        super::writes_behind_a_cache_keep_no_place(super::Backend::Postgres).await;
    }
}

mod mariadb {
    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_are_given_up_keep_no_place_in_the_pool() {
        super::loads_keep_no_place(super::Backend::Mariadb).await;
    }

    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn writes_behind_a_cache_keep_no_place_in_the_pool() {
        super::writes_behind_a_cache_keep_no_place(super::Backend::Mariadb).await;
    }

    /// Promise 14
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_dropped_amid_an_answer_cost_no_connection() {
        super::calls_dropped_amid_an_answer_cost_no_connection(super::Backend::Mariadb).await;
    }
}

async fn loads_keep_no_place(backend: Backend) {
    let load = async |store: &AnyStore, key: &StoredKey| {
        drop(store.load(key, Timestamp::MIN).await);
    };
    calls_keep_no_place(backend, AnyStore::new, load).await;
}

async fn writes_behind_a_cache_keep_no_place(backend: Backend) {
    let behind_a_cache = |database: DbStore| {
        let codec = codec(SECRET_KEY, Limits::default());
        AnyStore::new(CachedDbStore::new(MemoryCache::default(), database, codec))
    };
    let delete = async |store: &AnyStore, key: &StoredKey| drop(store.delete(key).await);
    calls_keep_no_place(backend, behind_a_cache, delete).await;
}

async fn calls_keep_no_place(
    backend: Backend,
    over: impl Fn(DbStore) -> AnyStore,
    ask: impl AsyncFn(&AnyStore, &StoredKey),
) {
    let Some(database) = OwnDatabase::create(backend).await else { return };
    let proxy = Proxy::before(database.port()).await;
    let store = over(DbStore::connect(&proxy.in_place_of(database.url())).await.unwrap());
    let key = StoredKey::from("nobodyhasthiskey0123456789abcdef".to_owned());
    let load = || tokio::time::timeout(LONG, store.load(&key, Timestamp::MIN));
    for call in 0..PLACES {
        let answered = load().await;
        assert!(matches!(answered, Ok(Ok(None))), "before call {call}: {answered:?}");
        // Until the pool has found it whole: it is a call that is to be given up.
        tokio::time::sleep(Duration::from_millis(50)).await;
        proxy.cut(Cut::Silence);
        let answered = tokio::time::timeout(SHORT, ask(&store, &key)).await;
        assert!(answered.is_err(), "call {call}");
    }
    // Those that do not say that they are whole are ended by and by.
    let until = Instant::now() + Duration::from_secs(20);
    while !matches!(load().await, Ok(Ok(None))) {
        assert!(Instant::now() < until, "no place is left");
    }
    database.close().await;
}

async fn calls_dropped_amid_an_answer_cost_no_connection(backend: Backend) {
    let Some(database) = OwnDatabase::create(backend).await else { return };
    let proxy = Proxy::before(database.port()).await;
    let store = DbStore::connect(&proxy.in_place_of(database.url())).await.unwrap();
    let key = StoredKey::from("nobodyhasthiskey0123456789abcdef".to_owned());
    let load = || store.load(&key, Timestamp::MIN);
    // An answer takes many steps, so that a call can be dropped between any two.
    proxy.dribble(Way::Reply, true);
    join_all((0..PLACES).map(|_| load())).await;
    let before = connections(&database).await;
    assert!(before.len() >= PLACES);
    for polls in (1..40).cycle().take(200) {
        let _ = polled(load(), polls, Dropped::AtOnce).await;
    }
    assert!(matches!(load().await, Ok(None)));
    // Longer than a connection may take to say that it is whole.
    tokio::time::sleep(Duration::from_secs(12)).await;
    let after = connections(&database).await;
    let ended = before.iter().filter(|id| !after.contains(id)).count();
    assert_eq!(ended, 0, "of {PLACES} connections");
    database.close().await;
}

/// The numbers of all connections to a database.
async fn connections(database: &OwnDatabase) -> Vec<i64> {
    let ids = "SELECT id FROM information_schema.processlist WHERE db = DATABASE()";
    let db = database.connection();
    let ids = Statement::from_string(db.get_database_backend(), ids);
    let rows = db.query_all_raw(ids).await.unwrap();
    rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}
