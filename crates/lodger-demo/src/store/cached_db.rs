//! A cache in front of the database.

use anyhow::Result;
use lodger::cached_db::CachedDbStore;
use lodger::core::{AnyStore, SessionCache};
use lodger::db::DbStore;
use lodger::memcached::MemcachedStore;
use lodger::memory::MemoryCache;
use lodger::redis::RedisStore;
use lodger::{DjangoCodec, PickleCodec, Settings};

use crate::cache_url::{CacheServer, Format};
use crate::store_url::FrontUrl;

/// The database, already open, behind the cache that a URL names.
pub(super) fn open(
    front: &FrontUrl,
    database: DbStore,
    codec: DjangoCodec,
    settings: &Settings,
) -> Result<AnyStore> {
    let FrontUrl::Cache(url) = front else {
        return Ok(AnyStore::new(CachedDbStore::new(MemoryCache::default(), database, codec)));
    };
    let pickles = (url.format == Format::Django).then(|| PickleCodec::new(settings.limits.clone()));
    let (address, layout) = (url.as_str(), url.front_layout());
    Ok(match url.server {
        CacheServer::Redis | CacheServer::RedisCluster => {
            over(RedisStore::connect(address)?.with_layout(layout), database, codec, pickles)
        }
        CacheServer::Memcached => {
            over(MemcachedStore::connect(address)?.with_layout(layout), database, codec, pickles)
        }
    })
}

fn over(
    cache: impl SessionCache,
    database: DbStore,
    codec: DjangoCodec,
    pickles: Option<PickleCodec>,
) -> AnyStore {
    let store = CachedDbStore::new(cache, database, codec);
    AnyStore::new(match pickles {
        Some(pickles) => store.with_django(pickles),
        None => store,
    })
}
