//! Whoever else uses a cache server.

use anyhow::{Result, bail};
use redis::aio::MultiplexedConnection;

use super::dice::Dice;
use super::server::Server;
use crate::memcached::Raw;
use crate::redis::admin;

/// A connection past Lodger.
pub enum Stranger {
    /// To Redis.
    Redis(MultiplexedConnection),
    /// To memcached.
    Memcached(Raw),
}

/// What lies under a name: the bytes, and what else memcached keeps with them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The bytes.
    pub bytes: Vec<u8>,
    flags: u32,
}

impl Value {
    /// Other bytes, kept in the same way.
    #[must_use]
    pub const fn with(&self, bytes: Vec<u8>) -> Self {
        Self { bytes, flags: self.flags }
    }
}

impl Stranger {
    /// Connects.
    ///
    /// # Errors
    ///
    /// When the server is not there, as everywhere below.
    pub async fn connect(server: &Server) -> Result<Self> {
        Ok(match server {
            Server::Redis(server) => Self::Redis(admin(&server.url()).await?),
            Server::Memcached(server) => Self::Memcached(Raw::connect(&server.url())),
            Server::Database(..) => bail!("a database is no cache"),
        })
    }

    /// Writes more than fits, in values as long as sessions are.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn crowd(&mut self, dice: &mut Dice) -> Result<()> {
        for number in 0..1500 {
            let bytes = vec![b'x'; 100 + dice.below(6000) as usize];
            let value = Value { bytes, flags: 0 };
            self.put(&format!("strangers:{number}"), &value, 3600).await?;
        }
        Ok(())
    }

    /// How many values the server has evicted.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn evictions(&mut self) -> Result<u64> {
        self.count("evicted_keys", "evictions").await
    }

    /// How often somebody found a value.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn hits(&mut self) -> Result<u64> {
        self.count("keyspace_hits", "get_hits").await
    }

    async fn count(&mut self, of_redis: &str, of_memcached: &str) -> Result<u64> {
        match self {
            Self::Redis(redis) => {
                let info: String = redis::cmd("INFO").arg("stats").query_async(redis).await?;
                let mut lines = info.lines().filter_map(|line| line.split_once(':'));
                let found = lines.find_map(|(name, count)| (name == of_redis).then_some(count));
                Ok(found.unwrap_or("0").parse()?)
            }
            Self::Memcached(raw) => Ok(raw.stat(of_memcached)),
        }
    }

    /// Has the server forget everything.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn flush(&mut self) -> Result<()> {
        match self {
            Self::Redis(redis) => redis::cmd("FLUSHALL").exec_async(redis).await?,
            Self::Memcached(raw) => _ = raw.ask("flush_all"),
        }
        Ok(())
    }

    /// The names that begin so.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn names(&mut self, prefix: &str) -> Result<Vec<String>> {
        Ok(match self {
            Self::Redis(redis) => {
                redis::cmd("KEYS").arg(format!("{prefix}*")).query_async(redis).await?
            }
            Self::Memcached(raw) => raw.names(prefix),
        })
    }

    /// Reads a value.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn get(&mut self, name: &str) -> Result<Option<Value>> {
        Ok(match self {
            Self::Redis(redis) => {
                let bytes: Option<_> = redis::cmd("GET").arg(name).query_async(redis).await?;
                bytes.map(|bytes| Value { bytes, flags: 0 })
            }
            Self::Memcached(raw) => {
                let found = raw.get(name);
                found.map(|found| Value { bytes: found.value, flags: found.flags })
            }
        })
    }

    /// Writes a value, kept for so many seconds, whatever is there.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn put(&mut self, name: &str, value: &Value, seconds: u32) -> Result<()> {
        match self {
            Self::Redis(redis) => {
                let mut set = redis::cmd("SET");
                set.arg(name).arg(&value.bytes).arg("EX").arg(seconds).exec_async(redis).await?;
            }
            Self::Memcached(raw) => raw.set_for(name, value.flags, seconds, &value.bytes),
        }
        Ok(())
    }
}
