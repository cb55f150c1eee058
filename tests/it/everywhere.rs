//! One test over every store.

/// Makes modules `memory`, `cached_db`, `sqlite`, `postgres` and `mariadb` with one test each for these functions
/// over a store.
macro_rules! on_every_store {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    lodger_tests::database::over_memory(super::$test).await;
                }
            )+
        }
        mod cached_db {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    lodger_tests::cache::over_cached_db(super::$test).await;
                }
            )+
        }
        on_every_database!($($test),+);
    };
}

/// As `on_every_store`, without `memory`.
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
