//! One test over every database, on one thread, so that its log can be read.

/// As `on_every_database`, with each test on one thread.
macro_rules! on_one_thread {
    ($($test:ident),+ $(,)?) => {
        on_one_thread!(@database sqlite, Sqlite, $($test),+);
        on_one_thread!(@database postgres, Postgres, $($test),+);
        on_one_thread!(@database mariadb, Mariadb, $($test),+);
    };
    (@database $module:ident, $backend:ident, $($test:ident),+) => {
        mod $module {
            $(
                #[tokio::test]
                async fn $test() {
                    let backend = lodger_tests::database::Backend::$backend;
                    lodger_tests::database::on(backend, super::$test).await;
                }
            )+
        }
    };
}
