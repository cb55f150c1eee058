//! One test over every store.

/// A module of this name with tests for these functions over a store, which a function makes and another
/// one hands on.
macro_rules! on_store {
    ($module:ident, $on:path, $as:path, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    $on(|store| super::$test($as(store))).await;
                }
            )+
        }
    };
}

/// A module for each store with one test each for these functions over a store, whose code is compiled
/// once for all of them.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        on_each_store!(lodger_core::AnyStore::new, $($test),+);
    };
}

/// As `on_every_store`, for functions that reach past the store.
macro_rules! on_the_rows_of_every_store {
    ($($test:ident),+ $(,)?) => {
        on_each_store!(std::convert::identity, $($test),+);
    };
}

/// Makes these modules.
macro_rules! on_each_store {
    ($as:path, $($test:ident),+) => {
        on_store!(redis, lodger_tests::redis::on_single, $as, $($test),+);
        on_store!(redis_cluster, lodger_tests::redis::on_cluster, $as, $($test),+);
        on_store!(memcached, lodger_tests::memcached::on, $as, $($test),+);
        on_each_store_that_clears!($as, $($test),+);
    };
}

/// As `on_every_store`, without those that change a key in steps.
macro_rules! on_every_store_with_one_step {
    ($($test:ident),+ $(,)?) => {
        on_store!(redis, lodger_tests::redis::on_single, lodger_core::AnyStore::new, $($test),+);
        on_each_store_that_clears!(lodger_core::AnyStore::new, $($test),+);
    };
}

/// As `on_every_store`, without those whose servers end records by themselves.
macro_rules! on_every_store_that_clears {
    ($($test:ident),+ $(,)?) => {
        on_each_store_that_clears!(lodger_core::AnyStore::new, $($test),+);
    };
}

/// Makes these modules.
macro_rules! on_each_store_that_clears {
    ($as:path, $($test:ident),+) => {
        on_store!(memory, lodger_tests::database::over_memory, $as, $($test),+);
        on_store!(cached_db, lodger_tests::cache::over_cached_db, $as, $($test),+);
        on_store!(file, lodger_tests::file_fixture::over_files, $as, $($test),+);
        on_each_database!($as, $($test),+);
    };
}

/// As `on_every_store`, over the databases alone, for functions over what they are.
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {
        on_each_database!(std::convert::identity, $($test),+);
    };
}

/// Makes these modules.
macro_rules! on_each_database {
    ($as:path, $($test:ident),+) => {
        on_database!(sqlite, Sqlite, $as, $($test),+);
        on_database!(postgres, Postgres, $as, $($test),+);
        on_database!(mariadb, Mariadb, $as, $($test),+);
    };
}

/// Makes one of these modules.
macro_rules! on_database {
    ($module:ident, $backend:ident, $as:path, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let backend = lodger_tests::database::Backend::$backend;
                    lodger_tests::database::on(backend, |store| super::$test($as(store))).await;
                }
            )+
        }
    };
}

/// A module `account_model` with tests for these functions over a model with a column more, on the
/// three databases.
macro_rules! on_account_model {
    ($($test:ident),+ $(,)?) => {
        mod account_model {
            on_model!(sqlite, Sqlite, lodger_core::AnyStore::new, $($test),+);
            on_model!(postgres, Postgres, lodger_core::AnyStore::new, $($test),+);
            on_model!(mariadb, Mariadb, lodger_core::AnyStore::new, $($test),+);
        }
    };
}

/// Makes one of these modules.
macro_rules! on_model {
    ($module:ident, $backend:ident, $as:path, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    use lodger_entity::account_session::Entity;
                    let backend = lodger_tests::database::Backend::$backend;
                    lodger_tests::database::on_model::<Entity, _, _>(backend, |store| {
                        super::super::$test($as(store))
                    })
                    .await;
                }
            )+
        }
    };
}

/// As `on_every_store` and `on_account_model` together.
macro_rules! on_every_store_and_model {
    ($($test:ident),+ $(,)?) => {
        on_every_store!($($test),+);
        on_account_model!($($test),+);
    };
}

/// A module `signed_cookies` with tests for these functions over a site of signed cookies, of the kind
/// named.
macro_rules! on_signed_cookies {
    ($browser:ident, $($test:ident),+ $(,)?) => {
        mod signed_cookies {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test(lodger_tests::cookie_site::$browser).await;
                }
            )+
        }
    };
}
