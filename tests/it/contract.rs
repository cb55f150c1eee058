//! The contract of a store, for every store there is.

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::memory::{MemoryCache, MemoryStore};
use lodger_entity::{account_session, session};
use lodger_testing::contract::Subject;
use lodger_testing::store_contract;
use lodger_tests::cache::CachedDbFixture;
use lodger_tests::database::{Backend, DbFixture};
use lodger_tests::file_fixture::FileFixture;
use lodger_tests::memcached::MemcachedFixture;
use lodger_tests::redis::{RedisFixture, Servers};

store_contract!(memory, async { Subject::new(MemoryStore::default()) });
store_contract!(memcached, MemcachedFixture::create());
store_contract!(file, async { FileFixture::create() });
store_contract!(sqlite, DbFixture::<session::Entity>::create(Backend::Sqlite));
store_contract!(postgres, DbFixture::<session::Entity>::create(Backend::Postgres));
store_contract!(mariadb, DbFixture::<session::Entity>::create(Backend::Mariadb));
store_contract!(redis, async { RedisFixture::create(Servers::Single) });
store_contract!(redis_cluster, async { RedisFixture::create(Servers::Cluster) });

/// A cache in front of the database.
mod cached_db {
    use super::*;

    store_contract!(sqlite, CachedDbFixture::create(MemoryCache::default(), Backend::Sqlite));
    store_contract!(postgres, CachedDbFixture::create(MemoryCache::default(), Backend::Postgres));
    store_contract!(mariadb, CachedDbFixture::create(MemoryCache::default(), Backend::Mariadb));

    mod redis {
        use super::*;

        store_contract!(postgres, async {
            let cache =
                RedisFixture::with_layout(Servers::Single, CacheLayout::lodger_cached_db())?;
            CachedDbFixture::create(cache.store(), Backend::Postgres).await
        });
    }

    mod redis_cluster {
        use super::*;

        store_contract!(mariadb, async {
            let cache =
                RedisFixture::with_layout(Servers::Cluster, CacheLayout::lodger_cached_db())?;
            CachedDbFixture::create(cache.store(), Backend::Mariadb).await
        });
    }

    mod memcached {
        use super::*;

        store_contract!(postgres, async {
            let cache = MemcachedFixture::store(CacheLayout::lodger_cached_db())?;
            CachedDbFixture::create(cache, Backend::Postgres).await
        });
    }
}

/// A model of the user's own, with a column more.
mod account_model {
    use super::*;

    store_contract!(sqlite, DbFixture::<account_session::Entity>::create(Backend::Sqlite));
    store_contract!(postgres, DbFixture::<account_session::Entity>::create(Backend::Postgres));
    store_contract!(mariadb, DbFixture::<account_session::Entity>::create(Backend::Mariadb));
}
