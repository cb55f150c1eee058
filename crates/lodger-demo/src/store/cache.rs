//! The cache servers.

use anyhow::Result;
use lodger::core::AnyStore;
use lodger::{DjangoCodec, Limits};

use super::unmerged::unmerged;
use crate::cache_url::{CacheServer, CacheUrl};

/// A cache server as the store. Whether it can be reached is seen at the first session.
pub(super) fn open(url: &CacheUrl) -> Result<AnyStore> {
    let (_address, _layout) = (url.as_str(), url.layout());
    match url.server {
        CacheServer::Redis | CacheServer::RedisCluster => Err(unmerged("Redis")),
        CacheServer::Memcached => Err(unmerged("memcached")),
    }
}

/// What reads and writes the values of Django's cache.
pub(super) fn django_codec(limits: Limits) -> Result<DjangoCodec> {
    let _ = limits;
    Err(unmerged("Django's cache format"))
}
