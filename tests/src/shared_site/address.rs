//! Where a store is, so that another process can open it.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::cached_db::CachedDbStore;
use lodger_backends::db::DbStore;
use lodger_backends::file::FileStore;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::memory::MemoryCache;
use lodger_backends::redis::RedisStore;
use lodger_core::{AnyStore, SessionCache, Settings};
use lodger_entity::session;
use serde::{Deserialize, Serialize};

use crate::database;
use crate::site::{SECRET_KEY, codec};

/// Where a store is; as JSON it fits into an argument of a command. It may hold a password.
#[derive(Clone, Serialize, Deserialize)]
pub enum StoreAddress {
    /// The URL of a database with its tables.
    Database(String),
    /// A folder of files.
    File(PathBuf),
    /// A cache server.
    Cache(CacheAddress),
    /// A cache in front of the database with this URL; without one, each process has its own in memory
    /// and asks the database whether a session is still there.
    CachedDb(Option<CacheAddress>, String),
}

/// Where a cache server is, and what all names there begin with.
#[derive(Clone, Serialize, Deserialize)]
pub enum CacheAddress {
    /// A Redis server or Cluster.
    Redis {
        /// The URL.
        url: String,
        /// The prefix.
        prefix: String,
    },
    /// A memcached server.
    Memcached {
        /// The URL.
        url: String,
        /// The prefix.
        prefix: String,
    },
}

impl StoreAddress {
    /// Opens the store for sessions with these settings.
    ///
    /// # Errors
    ///
    /// When it cannot be opened.
    pub async fn open(&self, settings: &Settings) -> Result<AnyStore> {
        let deadline = settings.limits.store_call;
        Ok(match self {
            Self::Database(url) => AnyStore::new(open_database(url).await?),
            Self::File(folder) => {
                let codec = codec(SECRET_KEY, settings.limits.clone());
                AnyStore::new(FileStore::open(folder, codec, settings)?)
            }
            Self::Cache(CacheAddress::Redis { url, prefix }) => {
                let layout = CacheLayout::lodger().with_prefix(prefix);
                AnyStore::new(redis(url, layout, deadline)?)
            }
            Self::Cache(CacheAddress::Memcached { url, prefix }) => {
                let layout = CacheLayout::lodger().with_prefix(prefix);
                AnyStore::new(memcached(url, layout, deadline)?)
            }
            Self::CachedDb(cache, url) => {
                let database = open_database(url).await?;
                let layout = |prefix| CacheLayout::lodger_cached_db().with_prefix(prefix);
                match cache {
                    None => {
                        let store = behind(MemoryCache::default(), database, settings);
                        AnyStore::new(store.verifying_revocation())
                    }
                    Some(CacheAddress::Redis { url, prefix }) => {
                        let cache = redis(url, layout(prefix), deadline)?;
                        AnyStore::new(behind(cache, database, settings))
                    }
                    Some(CacheAddress::Memcached { url, prefix }) => {
                        let cache = memcached(url, layout(prefix), deadline)?;
                        AnyStore::new(behind(cache, database, settings))
                    }
                }
            }
        })
    }
}

async fn open_database(url: &str) -> Result<DbStore<session::Entity>> {
    Ok(DbStore::new(database::connect(url).await?))
}

fn redis(url: &str, layout: CacheLayout, deadline: Duration) -> Result<RedisStore> {
    Ok(RedisStore::connect(url)?.with_layout(layout).with_deadline(deadline))
}

fn memcached(url: &str, layout: CacheLayout, deadline: Duration) -> Result<MemcachedStore> {
    Ok(MemcachedStore::connect(url)?.with_layout(layout).with_deadline(deadline))
}

/// With a deadline for the cache that no busy machine makes it miss: what it loses then is the bound
/// of another promise.
fn behind<C: SessionCache>(
    cache: C,
    database: DbStore<session::Entity>,
    settings: &Settings,
) -> CachedDbStore<C> {
    let codec = codec(SECRET_KEY, settings.limits.clone());
    let store = CachedDbStore::new(cache, database, codec);
    store.with_cache_deadline(settings.limits.store_call)
}
