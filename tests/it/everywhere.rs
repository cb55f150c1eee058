//! One test over every store.

/// A module of this name with tests for these functions over a store, which a function makes.
macro_rules! on_store {
    ($module:ident, $on:path, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    $on(super::$test).await;
                }
            )+
        }
    };
}

/// A module for each store with one test each for these functions over a store.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        on_store!(redis, lodger_tests::redis::on_single, $($test),+);
        on_store!(redis_cluster, lodger_tests::redis::on_cluster, $($test),+);
        on_store!(memcached, lodger_tests::memcached::on, $($test),+);
        on_every_store_that_clears!($($test),+);
    };
}

/// As `on_every_store`, without those whose servers end records by themselves.
macro_rules! on_every_store_that_clears {
    ($($test:ident),+ $(,)?) => {
        on_store!(memory, lodger_tests::database::over_memory, $($test),+);
        on_store!(cached_db, lodger_tests::cache::over_cached_db, $($test),+);
        on_files!($($test),+);
        on_every_database!($($test),+);
    };
}

/// The module `file`.
macro_rules! on_files {
    ($($test:ident),+ $(,)?) => {
        on_store!(file, lodger_tests::file_fixture::over_files, $($test),+);
    };
}

/// As `on_every_store`, over the databases alone.
macro_rules! on_every_database {
    ($($test:ident),+ $(,)?) => {
        on_database!(sqlite, Sqlite, $($test),+);
        on_database!(postgres, Postgres, $($test),+);
        on_database!(mariadb, Mariadb, $($test),+);
    };
}

/// Makes one of these modules.
macro_rules! on_database {
    ($module:ident, $backend:ident, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let backend = lodger_tests::database::Backend::$backend;
                    lodger_tests::database::on(backend, super::$test).await;
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
            on_model!(sqlite, Sqlite, $($test),+);
            on_model!(postgres, Postgres, $($test),+);
            on_model!(mariadb, Mariadb, $($test),+);
        }
    };
}

/// Makes one of these modules.
macro_rules! on_model {
    ($module:ident, $backend:ident, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    use lodger_entity::account_session::Entity;
                    let backend = lodger_tests::database::Backend::$backend;
                    lodger_tests::database::on_model::<Entity, _, _>(
                        backend,
                        super::super::$test,
                    )
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
