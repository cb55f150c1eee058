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
        super::calls_that_are_given_up_keep_no_place(super::Backend::Postgres, false).await;
    }

    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn writes_behind_a_cache_keep_no_place_in_the_pool() {
        super::calls_that_are_given_up_keep_no_place(super::Backend::Postgres, true).await;
    }
}

mod mariadb {
    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_are_given_up_keep_no_place_in_the_pool() {
        super::calls_that_are_given_up_keep_no_place(super::Backend::Mariadb, false).await;
    }

    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn writes_behind_a_cache_keep_no_place_in_the_pool() {
        super::calls_that_are_given_up_keep_no_place(super::Backend::Mariadb, true).await;
    }

    /// Promise 14
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_dropped_amid_an_answer_cost_no_connection() {
        super::calls_dropped_amid_an_answer_cost_no_connection(super::Backend::Mariadb).await;
    }
}

async fn calls_that_are_given_up_keep_no_place(backend: Backend, writes_behind_a_cache: bool) {
    let Some(database) = OwnDatabase::create(backend).await else { return };
    let proxy = Proxy::before(database.port()).await;
    let store = DbStore::connect(&proxy.in_place_of(database.url())).await.unwrap();
    let store = match writes_behind_a_cache {
        true => AnyStore::new(CachedDbStore::new(
            MemoryCache::default(),
            store,
            codec(SECRET_KEY, Limits::default()),
        )),
        false => AnyStore::new(store),
    };
    let key = StoredKey::from("nobodyhasthiskey0123456789abcdef".to_owned());
    let load = async |patience: Duration| {
        tokio::time::timeout(patience, store.load(&key, Timestamp::MIN)).await
    };
    let give_up = async || match writes_behind_a_cache {
        true => tokio::time::timeout(SHORT, store.delete(&key)).await.is_err(),
        false => load(SHORT).await.is_err(),
    };
    for call in 0..PLACES {
        let answered = load(LONG).await;
        assert!(matches!(answered, Ok(Ok(None))), "before call {call}: {answered:?}");
        // Until the pool has found it whole: it is a call that is to be given up.
        tokio::time::sleep(Duration::from_millis(50)).await;
        proxy.cut(Cut::Silence);
        assert!(give_up().await, "call {call}");
    }
    // Those that do not say that they are whole are ended by and by.
    let until = Instant::now() + Duration::from_secs(20);
    while !matches!(load(LONG).await, Ok(Ok(None))) {
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
