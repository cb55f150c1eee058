//! Connections to a database that fall silent do not use up the pool.

use std::time::Duration;

use lodger_backends::db::DbStore;
use lodger_core::{SessionStore, StoredKey, Timestamp};
use lodger_tests::database::{Backend, OwnDatabase};
use lodger_tests::proxy::{Cut, Proxy};
use tokio::time::Instant;

/// As many as a pool has places.
const CALLS: usize = 10;

mod postgres {
    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_are_given_up_keep_no_place_in_the_pool() {
        super::calls_that_are_given_up_keep_no_place_in_the_pool(super::Backend::Postgres).await;
    }
}

mod mariadb {
    /// Promise 9
    #[tokio::test(flavor = "multi_thread")]
    async fn calls_that_are_given_up_keep_no_place_in_the_pool() {
        super::calls_that_are_given_up_keep_no_place_in_the_pool(super::Backend::Mariadb).await;
    }
}

async fn calls_that_are_given_up_keep_no_place_in_the_pool(backend: Backend) {
    let Some(database) = OwnDatabase::create(backend).await else { return };
    let proxy = Proxy::before(database.port()).await;
    let store = DbStore::connect(&proxy.in_place_of(database.url())).await.unwrap();
    let load = async || {
        let key = StoredKey::from("nobodyhasthiskey0123456789abcdef".to_owned());
        let answer = store.load(&key, Timestamp::MIN);
        tokio::time::timeout(Duration::from_millis(500), answer).await
    };
    for call in 0..CALLS {
        let answered = load().await;
        assert!(matches!(answered, Ok(Ok(None))), "before call {call}: {answered:?}");
        // Until the pool has found it whole: it is a call that is to be given up.
        tokio::time::sleep(Duration::from_millis(50)).await;
        proxy.cut(Cut::Silence);
        assert!(load().await.is_err(), "call {call}");
    }
    // Those that do not say that they are whole are ended by and by.
    let until = Instant::now() + Duration::from_secs(20);
    while !matches!(load().await, Ok(Ok(None))) {
        assert!(Instant::now() < until, "no place is left");
    }
    database.close().await;
}
