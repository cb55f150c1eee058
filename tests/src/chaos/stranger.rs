//! Whoever else uses a cache server.

use anyhow::{Result, bail};
use redis::aio::MultiplexedConnection;

use super::dice::Dice;
use super::server::Server;
use crate::memcached::{Raw, RawValue};
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

    /// What lies under the names that begin so.
    ///
    /// # Errors
    ///
    /// As for [`connect`](Self::connect).
    pub async fn values(&mut self, prefix: &str) -> Result<Vec<(String, Value)>> {
        let (names, found): (Vec<String>, Vec<Option<Value>>) = match self {
            Self::Redis(redis) => {
                let all = format!("{prefix}*");
                let names: Vec<String> = redis::cmd("KEYS").arg(all).query_async(redis).await?;
                let found: Vec<Option<Vec<u8>>> = if names.is_empty() {
                    Vec::new()
                } else {
                    redis::cmd("MGET").arg(&names).query_async(redis).await?
                };
                let value = |bytes: Option<_>| bytes.map(|bytes| Value { bytes, flags: 0 });
                (names, found.into_iter().map(value).collect())
            }
            Self::Memcached(raw) => {
                let names = raw.names(prefix);
                let found = names.iter().map(|name| raw.get(name));
                let value = |found: RawValue| Value { bytes: found.value, flags: found.flags };
                let found = found.map(|found| found.map(value)).collect();
                (names, found)
            }
        };
        // What has gone meanwhile is not there.
        let pairs = names.into_iter().zip(found);
        Ok(pairs.filter_map(|(name, value)| Some((name, value?))).collect())
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
