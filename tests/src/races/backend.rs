//! The stores that there are races on.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error};
use serde::{Deserialize, Serialize};

use crate::database::Backend;
use crate::redis::Servers;

/// A store, or a cache in front of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RaceBackend {
    /// Memory of one process.
    Memory,
    /// A SQLite file.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MariaDB.
    Mariadb,
    /// One Redis server.
    Redis,
    /// A Redis Cluster.
    RedisCluster,
    /// memcached.
    Memcached,
    /// A folder of files.
    File,
    /// A cache in memory of one process in front of SQLite.
    CachedMemorySqlite,
    /// Redis in front of PostgreSQL.
    CachedRedisPostgres,
    /// memcached in front of MariaDB.
    CachedMemcachedMariadb,
}

/// What caches for several processes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cache {
    Memory,
    Redis,
    Memcached,
}

impl RaceBackend {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Memory,
        Self::Sqlite,
        Self::Postgres,
        Self::Mariadb,
        Self::Redis,
        Self::RedisCluster,
        Self::Memcached,
        Self::File,
        Self::CachedMemorySqlite,
        Self::CachedRedisPostgres,
        Self::CachedMemcachedMariadb,
    ];

    /// Whether nothing but one process can use it.
    #[must_use]
    pub const fn is_of_one_process(self) -> bool {
        matches!(self, Self::Memory | Self::CachedMemorySqlite)
    }

    /// The database in it.
    pub(super) const fn database(self) -> Option<Backend> {
        match self {
            Self::Sqlite | Self::CachedMemorySqlite => Some(Backend::Sqlite),
            Self::Postgres | Self::CachedRedisPostgres => Some(Backend::Postgres),
            Self::Mariadb | Self::CachedMemcachedMariadb => Some(Backend::Mariadb),
            _ => None,
        }
    }

    /// The cache in front of a database.
    pub(super) const fn cache(self) -> Option<Cache> {
        match self {
            Self::CachedMemorySqlite => Some(Cache::Memory),
            Self::CachedRedisPostgres => Some(Cache::Redis),
            Self::CachedMemcachedMariadb => Some(Cache::Memcached),
            _ => None,
        }
    }

    /// The Redis servers in it.
    pub(super) const fn redis(self) -> Option<Servers> {
        match self {
            Self::Redis | Self::CachedRedisPostgres => Some(Servers::Single),
            Self::RedisCluster => Some(Servers::Cluster),
            _ => None,
        }
    }

    /// Whether memcached is in it.
    pub(super) const fn has_memcached(self) -> bool {
        matches!(self, Self::Memcached | Self::CachedMemcachedMariadb)
    }
}

/// The name that the command line has for it.
impl fmt::Display for RaceBackend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = serde_json::to_value(self).map_err(|_| fmt::Error)?;
        f.pad(name.as_str().unwrap_or_default())
    }
}

impl FromStr for RaceBackend {
    type Err = Error;

    fn from_str(name: &str) -> Result<Self, Error> {
        let known = Self::ALL.into_iter().find(|backend| backend.to_string() == name);
        known.with_context(|| {
            let names: Vec<String> = Self::ALL.iter().map(ToString::to_string).collect();
            format!("{name} is none of {}", names.join(", "))
        })
    }
}
