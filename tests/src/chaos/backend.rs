//! Where sessions are kept while something fails.

use anyhow::{Context, Result, bail};
use lodger_backends::db::DbStore;
use lodger_backends::file::FileStore;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::memory::MemoryStore;
use lodger_backends::redis::RedisStore;
use lodger_core::{AnyStore, Limits, SessionCodec, Settings};

use super::cached;
use super::row::Tier;
use crate::site::{SECRET_KEY, codec};

/// A backend, set up in one way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// The memory of the process.
    Memory,
    /// A SQLite file.
    Sqlite,
    /// A folder of files.
    File,
    /// PostgreSQL, which flushes each commit.
    Postgres,
    /// MariaDB, which flushes each commit.
    Mariadb,
    /// Redis with an append-only file that is flushed before the reply.
    RedisAof,
    /// Redis that keeps nothing on disk.
    Redis,
    /// Three leaders with a replica each.
    RedisCluster,
    /// memcached.
    Memcached,
    /// memcached in front of a SQLite file.
    CachedDb,
    /// Redis that keeps nothing on disk in front of a SQLite file.
    CachedDbRedis,
    /// memcached in front of PostgreSQL.
    CachedDbPostgres,
}

impl Backend {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Memory,
        Self::Sqlite,
        Self::File,
        Self::Postgres,
        Self::Mariadb,
        Self::RedisAof,
        Self::Redis,
        Self::RedisCluster,
        Self::Memcached,
        Self::CachedDb,
        Self::CachedDbRedis,
        Self::CachedDbPostgres,
    ];

    /// Its name in the table and as an argument.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Memory => "memory",
            Self::Sqlite => "sqlite",
            Self::File => "file",
            Self::Postgres => "postgres",
            Self::Mariadb => "mariadb",
            Self::RedisAof => "redis-aof",
            Self::Redis => "redis",
            Self::RedisCluster => "redis-cluster",
            Self::Memcached => "memcached",
            Self::CachedDb => "cached-db",
            Self::CachedDbRedis => "cached-db-redis",
            Self::CachedDbPostgres => "cached-db-postgres",
        }
    }

    /// How durably it keeps sessions, set up as it is here.
    #[must_use]
    pub const fn tier(self) -> Tier {
        match self {
            Self::Memory => Tier::T0,
            Self::Redis | Self::Memcached => Tier::T1,
            Self::RedisAof => Tier::T2,
            Self::RedisCluster => Tier::T3,
            Self::Sqlite | Self::File | Self::Postgres | Self::Mariadb => Tier::T4,
            Self::CachedDb | Self::CachedDbRedis | Self::CachedDbPostgres => Tier::T4,
        }
    }

    /// The cache and the database, where there are both.
    #[must_use]
    pub const fn halves(self) -> Option<(Self, Self)> {
        match self {
            Self::CachedDb => Some((Self::Memcached, Self::Sqlite)),
            Self::CachedDbRedis => Some((Self::Redis, Self::Sqlite)),
            Self::CachedDbPostgres => Some((Self::Memcached, Self::Postgres)),
            _ => None,
        }
    }
}

/// Opens a store at a URL; `file:` and `sqlite:` hold the path after two slashes, and `cached_db:` two
/// URLs.
///
/// # Errors
///
/// When there is none.
pub async fn open(url: &str) -> Result<AnyStore> {
    open_with(url, codec(SECRET_KEY, Limits::default()), &Settings::default()).await
}

/// The same for sessions with this codec and these settings, which a store of files has to know.
///
/// # Errors
///
/// When there is none.
pub async fn open_with(
    url: &str,
    codec: impl SessionCodec,
    settings: &Settings,
) -> Result<AnyStore> {
    let (scheme, rest) = url.split_once("://").context("a URL has a scheme")?;
    Ok(match scheme {
        "memory" => AnyStore::new(MemoryStore::default()),
        "file" => AnyStore::new(FileStore::open(rest, codec, settings)?),
        "sqlite" | "postgres" | "mysql" => AnyStore::new(DbStore::connect(url).await?),
        "redis" | "redis+cluster" => AnyStore::new(RedisStore::connect(url)?),
        "memcached" => AnyStore::new(MemcachedStore::connect(url)?),
        cached::SCHEME => cached::open_both(rest).await?,
        _ => bail!("{scheme} is no scheme of a store"),
    })
}
