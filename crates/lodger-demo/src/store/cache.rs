//! The cache servers.

use anyhow::Result;
use lodger::core::AnyStore;
use lodger::memcached::MemcachedStore;
use lodger::redis::RedisStore;
use lodger::{Limits, PickleCodec};

use crate::cache_url::{CacheServer, CacheUrl};

/// A cache server as the store. Whether it can be reached is seen at the first session.
pub(super) fn open(url: &CacheUrl) -> Result<AnyStore> {
    match url.server {
        CacheServer::Redis | CacheServer::RedisCluster => {
            let store = RedisStore::connect(url.as_str())?.with_layout(url.layout());
            Ok(AnyStore::new(store))
        }
        CacheServer::Memcached => {
            let store = MemcachedStore::connect(url.as_str())?.with_layout(url.layout());
            Ok(AnyStore::new(store))
        }
    }
}

/// What reads and writes the values of Django's cache.
pub(super) fn django_codec(limits: Limits) -> PickleCodec {
    PickleCodec::new(limits)
}
