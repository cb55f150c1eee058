//! A store of the test's own that other processes can open.

use lodger_backends::cache_layout::CacheLayout;

use super::{CacheAddress, StoreAddress};
use crate::database::{Backend, OwnDatabase};
use crate::file_fixture::OwnFolder;
use crate::memcached::MemcachedFixture;
use crate::redis::{RedisFixture, Servers};

/// Where a test has its store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A table.
    Database(Backend),
    /// A folder.
    File,
    /// A Redis server or Cluster.
    Redis(Servers),
    /// A memcached server.
    Memcached,
    /// A table behind a cache.
    CachedDb(Front, Backend),
}

/// A cache in front of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Front {
    /// In the memory of each process.
    Memory,
    /// On a Redis server or Cluster.
    Redis(Servers),
    /// On a memcached server.
    Memcached,
}

/// Such a store: what is made for the test, and removed after it.
pub struct OwnStore {
    address: StoreAddress,
    database: Option<OwnDatabase>,
    folder: Option<OwnFolder>,
    redis: Option<RedisFixture>,
}

impl OwnStore {
    /// Makes it; `None`, noted as a skip, if a server is not there.
    pub async fn create(place: Place) -> Option<Self> {
        match place {
            Place::Database(backend) => {
                let database = OwnDatabase::create(backend).await?;
                let address = StoreAddress::Database(database.url().to_owned());
                Some(Self { database: Some(database), ..Self::at(address) })
            }
            Place::File => {
                let folder = OwnFolder::create();
                let address = StoreAddress::File(folder.path().to_owned());
                Some(Self { folder: Some(folder), ..Self::at(address) })
            }
            Place::Redis(servers) => {
                let (redis, cache) = redis(servers)?;
                Some(Self { redis: Some(redis), ..Self::at(StoreAddress::Cache(cache)) })
            }
            Place::Memcached => Some(Self::at(StoreAddress::Cache(memcached()?))),
            Place::CachedDb(front, backend) => Self::cached_db(front, backend).await,
        }
    }

    async fn cached_db(front: Front, backend: Backend) -> Option<Self> {
        let (redis, cache) = match front {
            Front::Memory => (None, None),
            Front::Redis(servers) => {
                let (redis, cache) = redis(servers)?;
                (Some(redis), Some(cache))
            }
            Front::Memcached => (None, Some(memcached()?)),
        };
        let database = OwnDatabase::create(backend).await?;
        let address = StoreAddress::CachedDb(cache, database.url().to_owned());
        Some(Self { redis, database: Some(database), ..Self::at(address) })
    }

    const fn at(address: StoreAddress) -> Self {
        Self { address, database: None, folder: None, redis: None }
    }

    /// Where it is.
    #[must_use]
    pub const fn address(&self) -> &StoreAddress {
        &self.address
    }

    /// Removes it.
    ///
    /// # Panics
    ///
    /// When something of it would be left behind.
    pub async fn close(self) {
        if let Some(redis) = self.redis {
            redis.clear().await;
        }
        if let Some(folder) = self.folder {
            folder.close().await;
        }
        if let Some(database) = self.database {
            database.close().await;
        }
    }
}

fn redis(servers: Servers) -> Option<(RedisFixture, CacheAddress)> {
    let redis = RedisFixture::create(servers)?;
    let (url, prefix) = (redis.url().to_owned(), redis.prefix().to_owned());
    Some((redis, CacheAddress::Redis { url, prefix }))
}

/// What lies there ends by itself.
fn memcached() -> Option<CacheAddress> {
    let prefix = MemcachedFixture::store(CacheLayout::lodger())?.layout().prefix().to_owned();
    let url = MemcachedFixture::url()?;
    Some(CacheAddress::Memcached { url, prefix })
}
