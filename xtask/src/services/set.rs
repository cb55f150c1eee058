use std::thread;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::Kind;
use super::account::Account;
use super::mariadb::Mariadb;
use super::memcached::Memcached;
use super::postgres::Postgres;
use super::recipe::Recipe;
use super::redis::Redis;
use super::redis_cluster::RedisCluster;
use super::server::Server;

/// Running private servers. Dropping them ends their processes and removes their data.
pub(crate) struct Services {
    // Before the folder: fields are dropped in this order.
    servers: Vec<Server>,
    cluster: Option<RedisCluster>,
    _folder: TempDir,
}

impl Services {
    /// Starts one server of each kind, or one Cluster, and waits until all take connections; a server
    /// program that is missing is installed.
    ///
    /// Call it on the main thread: the servers end with the thread that started them, however it
    /// ends.
    pub(crate) fn start(kinds: &[Kind]) -> Result<Self> {
        debug_assert_eq!(thread::current().name(), Some("main"), "the servers would end too early");
        let account = Account::choose()?;
        let folder = tempfile::Builder::new().prefix("lodger-services-").tempdir()?;
        account.own(folder.path())?;
        let mut services = Self { servers: Vec::new(), cluster: None, _folder: folder };
        for kind in kinds {
            services
                .add(*kind, &account)
                .with_context(|| format!("could not start a private {}", kind.name()))?;
        }
        Ok(services)
    }

    fn add(&mut self, kind: Kind, account: &Account) -> Result<()> {
        let folder = self._folder.path().join(kind.name().to_lowercase().replace(' ', "-"));
        if kind == Kind::RedisCluster {
            self.cluster = Some(RedisCluster::start(account, &folder)?);
            return Ok(());
        }
        let recipe = recipe(kind)?;
        self.servers.push(Server::start(recipe.as_ref(), account, &folder)?);
        Ok(())
    }

    /// The servers that the environment does not name already.
    pub(crate) fn start_missing() -> Result<Self> {
        let missing: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !kind.is_given()).collect();
        Self::start(&missing)
    }

    /// The URL of one of the servers.
    pub(crate) fn url(&self, kind: Kind) -> Result<String> {
        let mut variables = self.variables().into_iter();
        let url = variables.find_map(|(name, url)| (name == kind.variable()).then_some(url));
        url.with_context(|| format!("{} was not started", kind.name()))
    }

    /// What commands are told: the name of each server's variable, and its superuser's URL.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        let cluster = self.cluster.iter();
        let cluster = cluster.map(|cluster| (Kind::RedisCluster.variable(), cluster.url()));
        let servers = self.servers.iter();
        servers
            .map(|server| (server.kind().variable(), server.url().to_owned()))
            .chain(cluster)
            .collect()
    }
}

/// How a server of this kind is started, alone or as a node; a program that is missing is installed.
pub(super) fn recipe(kind: Kind) -> Result<Box<dyn Recipe>> {
    Ok(match kind {
        Kind::Postgres => Box::new(Postgres::find_or_install()?),
        Kind::Mariadb => Box::new(Mariadb::find_or_install()?),
        Kind::Redis | Kind::RedisCluster => Box::new(Redis::find_or_install(kind)?),
        Kind::Memcached => Box::new(Memcached::find_or_install()?),
    })
}
