//! Where sessions lie during a race, made for it and taken away after it.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::cached_db::CachedDbStore;
use lodger_backends::db::DbStore;
use lodger_backends::file::FileStore;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::memory::{MemoryCache, MemoryStore};
use lodger_backends::redis::RedisStore;
use lodger_core::store::AnyStore;
use lodger_core::{Limits, SessionEngine, SessionStore, Settings};
use lodger_manager::SessionManager;
use serde::{Deserialize, Serialize};

use super::RaceBackend;
use super::backend::Cache;
use crate::database::OwnDatabase;
use crate::file_fixture::OwnFolder;
use crate::memcached::MemcachedFixture;
use crate::redis::RedisFixture;
use crate::site::{SECRET_KEY, codec};

/// What another process must know to use a place.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Address {
    pub(super) backend: RaceBackend,
    database: Option<String>,
    /// The URL of a server, and what all names begin with.
    redis: Option<(String, String)>,
    memcached: Option<(String, String)>,
    folder: Option<PathBuf>,
}

/// A place, gone when it is closed.
pub(super) struct Place {
    pub(super) address: Address,
    database: Option<OwnDatabase>,
    redis: Option<RedisFixture>,
    folder: Option<OwnFolder>,
}

impl Place {
    /// Makes it; `None`, noted as a skip, if a server is not there.
    pub(super) async fn make(backend: RaceBackend) -> Option<Self> {
        let database = match backend.database() {
            Some(kind) => Some(OwnDatabase::create(kind).await?),
            None => None,
        };
        let redis = match backend.redis() {
            Some(servers) => Some(RedisFixture::create(servers)?),
            None => None,
        };
        let memcached = match backend.has_memcached() {
            true => Some((MemcachedFixture::url_or_skip()?, memcached_prefix())),
            false => None,
        };
        let folder = (backend == RaceBackend::File).then(OwnFolder::create);
        let address = Address {
            backend,
            database: database.as_ref().map(|database| database.url().to_owned()),
            redis: redis.as_ref().map(RedisFixture::address),
            memcached,
            folder: folder.as_ref().map(|folder| folder.path().to_owned()),
        };
        Some(Self { address, database, redis, folder })
    }

    /// Takes everything away.
    pub(super) async fn close(self) {
        if let Some(database) = self.database {
            database.close().await;
        }
        if let Some(redis) = self.redis {
            redis.clear().await;
        }
        if let Some(folder) = self.folder {
            folder.close().await;
        }
    }
}

impl Address {
    /// A store there.
    pub(super) async fn store(&self) -> Result<AnyStore> {
        Ok(match (self.backend, self.backend.cache()) {
            (_, Some(Cache::Memory)) => self.cached(MemoryCache::default()).await?,
            (_, Some(Cache::Redis)) => {
                let cache = self.redis(CacheLayout::lodger_cached_db())?;
                self.cached(cache).await?
            }
            (_, Some(Cache::Memcached)) => {
                let cache = self.memcached(CacheLayout::lodger_cached_db())?;
                self.cached(cache).await?
            }
            (RaceBackend::Memory, _) => AnyStore::new(MemoryStore::default()),
            (RaceBackend::File, _) => {
                let folder = self.folder.as_ref().context("the place has no folder")?;
                AnyStore::new(FileStore::open(folder, session_codec(), &Settings::default())?)
            }
            (RaceBackend::Redis | RaceBackend::RedisCluster, _) => {
                AnyStore::new(self.redis(CacheLayout::lodger())?)
            }
            (RaceBackend::Memcached, _) => AnyStore::new(self.memcached(CacheLayout::lodger())?),
            _ => AnyStore::new(self.database().await?),
        })
    }

    async fn database(&self) -> Result<DbStore> {
        let url = self.database.as_ref().context("the place has no database")?;
        Ok(DbStore::connect(url).await?)
    }

    async fn cached(&self, cache: impl lodger_core::SessionCache) -> Result<AnyStore> {
        let database = self.database().await?;
        Ok(AnyStore::new(CachedDbStore::new(cache, database, session_codec())))
    }

    fn redis(&self, layout: CacheLayout) -> Result<RedisStore> {
        let (url, prefix) = self.redis.as_ref().context("the place has no Redis")?;
        Ok(RedisStore::connect(url)?.with_layout(layout.with_prefix(prefix)))
    }

    fn memcached(&self, layout: CacheLayout) -> Result<MemcachedStore> {
        let (url, prefix) = self.memcached.as_ref().context("the place has no memcached")?;
        let store = MemcachedStore::connect(url)?.with_largest_item(4 << 20);
        Ok(store.with_layout(layout.with_prefix(prefix)))
    }
}

/// An engine over a store, as an application makes it.
pub(super) fn engine(store: impl SessionStore) -> Result<Arc<dyn SessionEngine>> {
    Ok(Arc::new(SessionManager::builder(store, session_codec()).build()?))
}

pub(super) fn session_codec() -> lodger_codec::DjangoCodec {
    codec(SECRET_KEY, Limits::default())
}

fn memcached_prefix() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    format!("lodger_races_{}_{number}:", std::process::id())
}
