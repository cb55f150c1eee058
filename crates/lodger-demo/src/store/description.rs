//! What a store is worth.

use std::fmt;

use crate::cache_url::CacheServer;
use crate::database_url::DatabaseUrl;
use crate::store_url::StoreUrl;

/// Which kind of store keeps the sessions, and how durably: the tiers of promise 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Description {
    Memory,
    Database(Database),
    Cache(CacheServer),
    /// The database behind the cache.
    CachedDb(Database),
    File,
    Cookie,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Database {
    Sqlite,
    SqliteMemory,
    Postgres,
    Mysql,
}

impl Description {
    pub(crate) fn of(url: &StoreUrl) -> Self {
        match url {
            StoreUrl::Memory => Self::Memory,
            StoreUrl::Database(url) => Self::Database(Database::of(url)),
            StoreUrl::Cache(url) => Self::Cache(url.server),
            StoreUrl::CachedDb { database, .. } => Self::CachedDb(Database::of(database)),
            StoreUrl::File(_) => Self::File,
            StoreUrl::Cookie => Self::Cookie,
        }
    }

    /// Whether the data stay on this side, and the browser has a key only.
    pub(crate) const fn is_on_server(self) -> bool {
        !matches!(self, Self::Cookie)
    }

    /// What an acknowledged save outlives.
    pub(crate) const fn durability(self) -> &'static str {
        match self {
            Self::Memory => "T0, gone when this process ends",
            Self::Cache(CacheServer::Memcached) => {
                "T1, kept until the server evicts it or restarts"
            }
            Self::Cache(CacheServer::Redis) => {
                "T1, kept until the server evicts it or restarts; T2 with an append-only file, which \
                 outlives the server's sudden end"
            }
            Self::Cache(CacheServer::RedisCluster) => {
                "T3, replicated, though a failover may lose the last writes that were acknowledged"
            }
            Self::Database(database) | Self::CachedDb(database) => database.durability(),
            Self::File => "T4, outlives a loss of power",
            Self::Cookie => "none on this side, where nothing is kept",
        }
    }
}

impl Database {
    fn of(url: &DatabaseUrl) -> Self {
        if url.is_in_memory() {
            Self::SqliteMemory
        } else if url.as_str().starts_with("sqlite:") {
            Self::Sqlite
        } else if url.as_str().starts_with("mysql:") {
            Self::Mysql
        } else {
            Self::Postgres
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "a SQLite file",
            Self::SqliteMemory => "a SQLite database in memory",
            Self::Postgres => "PostgreSQL",
            Self::Mysql => "MariaDB or MySQL",
        }
    }

    const fn durability(self) -> &'static str {
        match self {
            Self::Sqlite => "T4, outlives a loss of power",
            Self::SqliteMemory => "T0, gone when this process ends",
            Self::Postgres | Self::Mysql => {
                "T4, outlives a loss of power, as the server is set up by default; T5 with a \
                 synchronous replica"
            }
        }
    }
}

/// Where the sessions are kept, behind “in”.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Memory => "the memory of this process",
            Self::Database(database) => database.name(),
            Self::Cache(CacheServer::Redis) => "Redis",
            Self::Cache(CacheServer::RedisCluster) => "Redis Cluster",
            Self::Cache(CacheServer::Memcached) => "memcached",
            Self::CachedDb(database) => return write!(f, "{} behind a cache", database.name()),
            Self::File => "a folder of files",
            Self::Cookie => "signed cookies",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(url: &str) -> (String, &'static str) {
        let description = Description::of(&url.parse().unwrap());
        (description.to_string(), &description.durability()[..2])
    }

    /// Promise 2
    #[test]
    fn every_store_says_how_durable_it_is() {
        for (url, name, tier) in [
            ("memory:", "the memory of this process", "T0"),
            ("cookie:", "signed cookies", "no"),
            ("sqlite::memory:", "a SQLite database in memory", "T0"),
            ("memcached://h/", "memcached", "T1"),
            ("redis://h/", "Redis", "T1"),
            ("redis+cluster://h/", "Redis Cluster", "T3"),
            ("sqlite:a.db", "a SQLite file", "T4"),
            ("postgresql://h/d", "PostgreSQL", "T4"),
            ("mysql://h/d", "MariaDB or MySQL", "T4"),
            ("file:sessions", "a folder of files", "T4"),
            ("cached:memory:,sqlite:a.db", "a SQLite file behind a cache", "T4"),
            ("cached:redis://h/,postgres://h/d", "PostgreSQL behind a cache", "T4"),
        ] {
            assert_eq!(described(url), (name.to_owned(), tier), "{url}");
        }
    }
}
