//! What a fault is told of the run that it is part of.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use lodger_core::{AnyStore, Clock, Settings, SystemClock};
use tempfile::TempDir;

use super::backend::{Backend, open};
use super::cached::Cached;
use super::cluster::cluster;
use super::dice::Dice;
use super::place;
use super::server::Server;
use crate::redis::OwnCluster;
use crate::site::Site;

/// One backend, about to meet one fault.
pub struct Stage {
    /// The backend.
    pub backend: Backend,
    /// Numbers in no order.
    pub dice: Dice,
    /// Whether a small part of it is enough.
    pub quick: bool,
    /// The program `chaos` of this package, for what happens in another process.
    pub program: PathBuf,
}

/// This machine lacks something.
#[derive(Debug)]
pub struct Missing(pub String);

impl std::error::Error for Missing {}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What stays while a site is in use.
pub enum Held {
    /// Nothing does.
    Nothing,
    /// A folder.
    Folder(TempDir),
    /// A server.
    Server(Box<Server>),
    /// A Cluster.
    Cluster(OwnCluster),
    /// A cache and a database.
    Cached(Box<Cached>),
}

impl Stage {
    /// How often something is done: a twentieth of it, once at least, is enough for a quick run.
    #[must_use]
    pub const fn times(&self, times: u64) -> u64 {
        if self.quick { times.div_ceil(20) } else { times }
    }

    /// Where the backend is, with all that it needs.
    ///
    /// # Errors
    ///
    /// When that is not there.
    pub async fn url(&self) -> Result<(String, Held)> {
        Ok(match self.backend {
            Backend::Memory => ("memory://".to_owned(), Held::Nothing),
            Backend::Sqlite | Backend::File => {
                let folder = tempfile::tempdir()?;
                (place::make(self.backend, folder.path()).await?, Held::Folder(folder))
            }
            Backend::RedisCluster => {
                let cluster = cluster().await?;
                (cluster.url(), Held::Cluster(cluster))
            }
            both if both.halves().is_some() => {
                let cached = Cached::start(both, &[]).await?;
                (cached.url(), Held::Cached(Box::new(cached)))
            }
            server => {
                let server = Server::start(server, &[]).await?;
                (server.url(), Held::Server(Box::new(server)))
            }
        })
    }

    /// A site over the backend, with all that it needs.
    ///
    /// # Errors
    ///
    /// When that is not there.
    pub async fn site(&self) -> Result<(Site<AnyStore>, Held)> {
        let (url, held) = self.url().await?;
        Ok((site(open(&url).await?), held))
    }
}

/// A site over a store, in the present, which other processes have, too.
#[must_use]
pub fn site(store: AnyStore) -> Site<AnyStore> {
    present(Site::new(store))
}

/// A site in the present.
#[must_use]
pub fn present(site: Site<AnyStore>) -> Site<AnyStore> {
    site.clock.set(SystemClock.now());
    site
}

/// The same with this deadline of each call to the store, and twice as long for a commit.
#[must_use]
pub fn hasty_site(store: AnyStore, deadline: Duration) -> Site<AnyStore> {
    let mut settings = Settings::default();
    settings.limits.store_call = deadline;
    settings.limits.commit = deadline * 2;
    present(Site::with_settings(store, settings))
}
