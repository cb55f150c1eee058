//! A part of a shared server for each test: what begins with a prefix of its own.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Result;
use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::redis::RedisStore;
use lodger_testing::{cache_contract, contract};
use redis::AsyncConnectionConfig;
use redis::aio::MultiplexedConnection;

use super::OwnNames;
use crate::report::skip;

/// Which servers there are tests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Servers {
    /// The server that `LODGER_REDIS_URL` names.
    Single,
    /// The Cluster that `LODGER_REDIS_CLUSTER_URL` names.
    Cluster,
}

impl Servers {
    const fn variable(self) -> &'static str {
        match self {
            Self::Single => "LODGER_REDIS_URL",
            Self::Cluster => "LODGER_REDIS_CLUSTER_URL",
        }
    }
}

/// A store with names of its own, for the suites of the contracts.
pub struct RedisFixture {
    names: OwnNames,
    /// Whether values say when they end.
    dated: bool,
}

impl RedisFixture {
    /// In Lodger's form; `None`, noted as a skip, if the servers are not there.
    #[must_use]
    pub fn create(servers: Servers) -> Option<Self> {
        Self::with_layout(servers, CacheLayout::lodger())
    }

    /// In another form.
    ///
    /// # Panics
    ///
    /// When the URL cannot be read.
    #[must_use]
    pub fn with_layout(servers: Servers, layout: CacheLayout) -> Option<Self> {
        crate::canary::watch();
        let Ok(url) = std::env::var(servers.variable()) else {
            skip(&format!("{} names no server", servers.variable()));
            return None;
        };
        let prefix = unique_prefix();
        let dated = !layout.is_django();
        let layout = layout.with_prefix(&prefix);
        let store = RedisStore::connect(&url).expect("the URL can be read").with_layout(layout);
        Some(Self { names: OwnNames { store, url, prefix }, dated })
    }

    /// The store; clones share its connections.
    #[must_use]
    pub fn store(&self) -> RedisStore {
        self.names.store.clone()
    }

    /// Where the servers are.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.names.url
    }

    /// What all names of the test begin with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.names.prefix
    }

    /// Removes what the test has left.
    ///
    /// # Panics
    ///
    /// When that cannot be done.
    pub async fn clear(self) {
        self.names.remove_all().await.expect("what a test has left can be removed");
    }
}

impl contract::Fixture for RedisFixture {
    type Store = RedisStore;

    fn subject(&self) -> Option<contract::Subject<RedisStore>> {
        Some(contract::Subject::new(self.store()).without_clearing())
    }

    async fn close(self) {
        self.clear().await;
    }
}

impl cache_contract::Fixture for RedisFixture {
    type Cache = RedisStore;

    fn subject(&self) -> Option<cache_contract::Subject<RedisStore>> {
        let subject = cache_contract::Subject::new(self.store());
        Some(if self.dated { subject } else { subject.without_dates() })
    }

    async fn close(self) {
        self.clear().await;
    }
}

/// Runs a test over a store with names of its own on a single server, and removes these however the
/// test ends.
pub async fn on_single<F, R>(test: F)
where
    F: FnOnce(OwnNames) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    on(RedisFixture::create(Servers::Single), test).await;
}

/// As [`on_single`], in the layout of Django's engine `cache`.
pub async fn on_single_as_djangos<F, R>(test: F)
where
    F: FnOnce(OwnNames) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    on(RedisFixture::with_layout(Servers::Single, CacheLayout::django()), test).await;
}

/// The same in a Cluster.
pub async fn on_cluster<F, R>(test: F)
where
    F: FnOnce(OwnNames) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    on(RedisFixture::create(Servers::Cluster), test).await;
}

async fn on<F, R>(fixture: Option<RedisFixture>, test: F)
where
    F: FnOnce(OwnNames) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let Some(fixture) = fixture else { return };
    let ended = tokio::spawn(test(fixture.names.clone())).await;
    fixture.clear().await;
    if let Err(failure) = ended {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// A connection of the test's own.
///
/// # Errors
///
/// When the server is not there.
pub async fn admin(url: &str) -> Result<MultiplexedConnection> {
    let config = AsyncConnectionConfig::new().set_response_timeout(None);
    let client = redis::Client::open(url)?;
    Ok(client.get_multiplexed_async_connection_with_config(&config).await?)
}

fn unique_prefix() -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros();
    format!("lodger_test_{}_{began}_{number}:", std::process::id())
}
