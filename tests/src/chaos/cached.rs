//! A cache in front of a database, as processes of their own or a file.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::cached_db::CachedDbStore;
use lodger_backends::db::DbStore;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::redis::RedisStore;
use lodger_core::{AnyStore, Limits, SessionCache};
use tempfile::TempDir;

use super::backend::Backend;
use super::place;
use super::server::Server;
use crate::site::{SECRET_KEY, codec};

/// A cache, and the database behind it.
pub struct Cached {
    /// The cache.
    pub cache: Server,
    /// The database.
    pub database: Behind,
}

/// The database behind a cache.
pub enum Behind {
    /// A SQLite file in a folder, and its URL.
    File(TempDir, String),
    /// A server.
    Server(Box<Server>),
}

/// How copies are kept.
#[derive(Clone, Copy, Debug)]
pub struct Copying {
    /// How long they live.
    pub lifetime: Duration,
    /// How long a call to the cache may take.
    pub deadline: Duration,
    /// Whether the database is asked at every read whether the session is still there.
    pub verifies: bool,
}

impl Default for Copying {
    /// As a site has it that sets nothing, but for the deadline: a machine that is busy with all this may
    /// pause for longer, and a cache that was not reached may keep an old copy.
    fn default() -> Self {
        let (lifetime, deadline) = (Duration::from_secs(60), Duration::from_secs(5));
        Self { lifetime, deadline, verifies: false }
    }
}

impl Cached {
    /// Starts both; the options are the cache's.
    ///
    /// # Errors
    ///
    /// When there is no such program, or it does not start.
    pub async fn start(backend: Backend, options: &[&str]) -> Result<Self> {
        let (cache, database) = backend.halves().context("there is no cache in front of it")?;
        let database = if database == Backend::Sqlite {
            let folder = tempfile::tempdir()?;
            let url = place::make(database, folder.path()).await?;
            Behind::File(folder, url)
        } else {
            Behind::Server(Box::new(Server::start(database, &[]).await?))
        };
        Ok(Self { cache: Server::start(cache, options).await?, database })
    }

    /// The URL of the database.
    #[must_use]
    pub fn database_url(&self) -> String {
        match &self.database {
            Behind::File(_, url) => url.clone(),
            Behind::Server(server) => server.url(),
        }
    }

    /// What [`open`](super::backend::open) takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{SCHEME}://{}{BETWEEN}{}", self.cache.url(), self.database_url())
    }
}

/// The scheme of both together.
pub(super) const SCHEME: &str = "cached_db";
/// What stands between the two URLs.
const BETWEEN: char = '|';

/// Opens what [`Cached::url`] names, without the scheme.
pub(super) async fn open_both(urls: &str) -> Result<AnyStore> {
    let (cache, database) = urls.split_once(BETWEEN).context("there are two URLs")?;
    open(cache, database, Copying::default()).await
}

/// Opens a cache in front of a database, each at its URL.
///
/// # Errors
///
/// When the database is not there.
pub async fn open(cache: &str, database: &str, copying: Copying) -> Result<AnyStore> {
    let (database, layout) = (DbStore::connect(database).await?, CacheLayout::lodger_cached_db());
    Ok(match cache.split_once("://").context("a URL has a scheme")?.0 {
        "memcached" => over(MemcachedStore::connect(cache)?.with_layout(layout), database, copying),
        "redis" => over(RedisStore::connect(cache)?.with_layout(layout), database, copying),
        scheme => bail!("{scheme} is no scheme of a cache"),
    })
}

fn over(cache: impl SessionCache, database: DbStore, copying: Copying) -> AnyStore {
    let store = CachedDbStore::new(cache, database, codec(SECRET_KEY, Limits::default()));
    let Copying { lifetime, deadline, verifies } = copying;
    let store = store.with_copies_for(lifetime).with_cache_deadline(deadline);
    AnyStore::new(if verifies { store.verifying_revocation() } else { store })
}
