//! A server that is ended and started again.

use anyhow::{Result, bail};

use super::backend::Backend;
use super::stage::Missing;
use crate::database::{OwnDatabase, OwnDatabaseServer};
use crate::memcached::OwnServer;
use crate::redis::OwnRedis;

/// The variables in which `cargo xtask chaos` says how the database servers are started.
const POSTGRES: &str = "LODGER_CHAOS_POSTGRES";
const MARIADB: &str = "LODGER_CHAOS_MARIADB";

/// A server of our own. Dropping it kills it.
pub enum Server {
    /// PostgreSQL or MariaDB, and the URL of a database with the table.
    Database(OwnDatabaseServer, String),
    /// Redis.
    Redis(OwnRedis),
    /// memcached.
    Memcached(OwnServer),
}

impl Server {
    /// Starts one, with further options.
    ///
    /// # Errors
    ///
    /// When there is no such program, or it does not start.
    pub async fn start(backend: Backend, options: &[&str]) -> Result<Self> {
        Ok(match backend {
            Backend::Postgres => Self::database(POSTGRES, options).await?,
            Backend::Mariadb => Self::database(MARIADB, options).await?,
            Backend::RedisAof => {
                let mut all = vec!["--appendonly", "yes", "--appendfsync", "always"];
                all.extend(options);
                Self::Redis(OwnRedis::start(&all).await.ok_or_else(|| missing("redis-server"))?)
            }
            Backend::Redis => {
                Self::Redis(OwnRedis::start(options).await.ok_or_else(|| missing("redis-server"))?)
            }
            Backend::Memcached => {
                Self::Memcached(OwnServer::start(options).ok_or_else(|| missing("memcached"))?)
            }
            _ => bail!("{} has no server of its own", backend.name()),
        })
    }

    async fn database(variable: &str, options: &[&str]) -> Result<Self> {
        let recipe = std::env::var(variable).map_err(|_| missing("data folder for a server"))?;
        let server = OwnDatabaseServer::start(&recipe, options).await?;
        let url = OwnDatabase::create_on(server.url()).await?.url().to_owned();
        Ok(Self::Database(server, url))
    }

    /// What a store connects to.
    #[must_use]
    pub fn url(&self) -> String {
        match self {
            Self::Database(_, url) => url.clone(),
            Self::Redis(server) => server.url(),
            Self::Memcached(server) => server.url(),
        }
    }

    /// The port on the loopback.
    #[must_use]
    pub fn port(&self) -> u16 {
        match self {
            Self::Database(server, _) => server.port(),
            Self::Redis(server) => server.port(),
            Self::Memcached(server) => server.port(),
        }
    }

    /// Kills it, as a crash does.
    pub fn kill(&mut self) {
        match self {
            Self::Database(server, _) => server.kill(),
            Self::Redis(server) => server.kill(),
            Self::Memcached(server) => server.kill(),
        }
    }

    /// Has it end as an administrator does.
    pub fn end(&mut self) {
        match self {
            Self::Database(server, _) => server.end(),
            Self::Redis(server) => server.end(),
            Self::Memcached(server) => server.end(),
        }
    }

    /// Starts it again on the same port and data, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When it does not come up in time.
    pub async fn restart(&mut self) -> Result<()> {
        match self {
            Self::Database(server, _) => server.restart().await,
            Self::Redis(server) => server.restart().await,
            Self::Memcached(server) => {
                server.restart();
                Ok(())
            }
        }
    }
}

fn missing(what: &str) -> Missing {
    Missing(format!("there is no {what}"))
}
