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

store_contract!(memory, async { Subject::new(MemoryStore::default()) });
store_contract!(memcached, MemcachedFixture::create());
store_contract!(file, async { FileFixture::create() });
store_contract!(sqlite, DbFixture::<session::Entity>::create(Backend::Sqlite));
store_contract!(postgres, DbFixture::<session::Entity>::create(Backend::Postgres));
store_contract!(mariadb, DbFixture::<session::Entity>::create(Backend::Mariadb));

/// The contract of a cache.
mod cache {
    use lodger_testing::cache_contract;
    use lodger_testing::cache_contract::Subject;

    use super::*;

    cache_contract!(memory, async { Subject::new(MemoryCache::default()) });
    cache_contract!(memcached, async {
        Some(Subject::new(MemcachedFixture::store(CacheLayout::lodger_cached_db())?))
    });

    /// In the layout that Django has.
    mod django {
        use super::*;

        cache_contract!(memcached, async {
            let store = MemcachedFixture::store(CacheLayout::django_cached_db())?;
            Some(Subject::new(store).without_dates())
        });
    }
}

/// A cache in front of the database.
mod cached_db {
    use super::*;

    store_contract!(sqlite, CachedDbFixture::create(MemoryCache::default(), Backend::Sqlite));
    store_contract!(postgres, CachedDbFixture::create(MemoryCache::default(), Backend::Postgres));
    store_contract!(mariadb, CachedDbFixture::create(MemoryCache::default(), Backend::Mariadb));

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
