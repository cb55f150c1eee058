//! One test over a site on every store that two processes serve.

/// What names a place.
pub(super) mod place {
    pub(in crate::concurrency) use lodger_tests::database::Backend;
    pub(in crate::concurrency) use lodger_tests::redis::Servers;
    pub(in crate::concurrency) use lodger_tests::shared_site::{Front, Place};
}

/// A module for each place of a store with one test each for these functions over a shared site.
macro_rules! on_every_site {
    ($($test:ident),+ $(,)?) => {
        mod memory {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let store = lodger_backends::memory::MemoryStore::default();
                    super::$test(super::SharedSite::of_one_process(store)).await;
                }
            )+
        }
        on_every_site!(@place sqlite, Place::Database(Backend::Sqlite), $($test),+);
        on_every_site!(@place postgres, Place::Database(Backend::Postgres), $($test),+);
        on_every_site!(@place mariadb, Place::Database(Backend::Mariadb), $($test),+);
        on_every_site!(@place file, Place::File, $($test),+);
        on_every_site!(@place redis, Place::Redis(Servers::Single), $($test),+);
        on_every_site!(@place redis_cluster, Place::Redis(Servers::Cluster), $($test),+);
        on_every_site!(@place memcached, Place::Memcached, $($test),+);
        mod cached_db {
            use super::*;
            on_every_site!(
                @place memory, Place::CachedDb(Front::Memory, Backend::Sqlite), $($test),+
            );
            on_every_site!(
                @place redis,
                Place::CachedDb(Front::Redis(Servers::Single), Backend::Postgres),
                $($test),+
            );
            on_every_site!(
                @place redis_cluster,
                Place::CachedDb(Front::Redis(Servers::Cluster), Backend::Sqlite),
                $($test),+
            );
            on_every_site!(
                @place memcached, Place::CachedDb(Front::Memcached, Backend::Mariadb), $($test),+
            );
        }
    };
    (@place $module:ident, $place:expr, $($test:ident),+) => {
        mod $module {
            use crate::concurrency::on_every_site::place::*;
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    crate::concurrency::shared_site::on($place, super::$test).await;
                }
            )+
        }
    };
}
