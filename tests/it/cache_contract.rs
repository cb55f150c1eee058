//! The contract of a cache, for every cache there is.

use lodger_backends::cache_layout::CacheLayout;
use lodger_testing::cache_contract;
use lodger_testing::cache_contract::Subject;
use lodger_tests::memcached::MemcachedFixture;
use lodger_tests::redis::{RedisFixture, Servers};

/// In Lodger's own form.
mod lodger {
    use lodger_backends::memory::MemoryCache;

    use super::*;

    cache_contract!(memory, async { Subject::new(MemoryCache::default()) });
    cache_contract!(redis, async {
        RedisFixture::with_layout(Servers::Single, CacheLayout::lodger_cached_db())
    });
    cache_contract!(redis_cluster, async {
        RedisFixture::with_layout(Servers::Cluster, CacheLayout::lodger_cached_db())
    });
    cache_contract!(memcached, async {
        Some(Subject::new(MemcachedFixture::store(CacheLayout::lodger_cached_db())?))
    });
}

/// In Django's.
mod django {
    use super::*;

    cache_contract!(redis, async {
        RedisFixture::with_layout(Servers::Single, CacheLayout::django_cached_db())
    });
    cache_contract!(redis_cluster, async {
        RedisFixture::with_layout(Servers::Cluster, CacheLayout::django_cached_db())
    });
    cache_contract!(memcached, async {
        let store = MemcachedFixture::store(CacheLayout::django_cached_db())?;
        Some(Subject::new(store).without_dates())
    });
}
