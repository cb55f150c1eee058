//! The stores that there are races on.

use std::fmt;
use std::str::FromStr;

use anyhow::{Context, Error};
use serde::{Deserialize, Serialize};

use crate::database::Backend;
use crate::redis::Servers;
use crate::shared_site::{Front, Place};

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

    /// Where several processes find it; `None`: nothing but one process can use it.
    pub(super) const fn place(self) -> Option<Place> {
        Some(match self {
            Self::Memory | Self::CachedMemorySqlite => return None,
            Self::Sqlite => Place::Database(Backend::Sqlite),
            Self::Postgres => Place::Database(Backend::Postgres),
            Self::Mariadb => Place::Database(Backend::Mariadb),
            Self::Redis => Place::Redis(Servers::Single),
            Self::RedisCluster => Place::Redis(Servers::Cluster),
            Self::Memcached => Place::Memcached,
            Self::File => Place::File,
            Self::CachedRedisPostgres => {
                Place::CachedDb(Front::Redis(Servers::Single), Backend::Postgres)
            }
            Self::CachedMemcachedMariadb => Place::CachedDb(Front::Memcached, Backend::Mariadb),
        })
    }

    /// Whether some reads are answered by a copy and others by the original.
    pub(super) const fn is_cached(self) -> bool {
        matches!(
            self,
            Self::CachedMemorySqlite | Self::CachedRedisPostgres | Self::CachedMemcachedMariadb
        )
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
