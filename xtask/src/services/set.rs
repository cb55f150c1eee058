use std::thread;

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::Kind;
use super::account::Account;
use super::mariadb::Mariadb;
use super::postgres::Postgres;
use super::recipe::Recipe;
use super::server::Server;

/// Running private servers. Dropping them ends their processes and removes their data.
pub(crate) struct Services {
    // Before the folder: fields are dropped in this order.
    servers: Vec<Server>,
    _folder: TempDir,
}

impl Services {
    /// Starts one server of each kind and waits until all take connections; a server program that
    /// is missing is installed.
    ///
    /// Call it on the main thread: the servers end with the thread that started them, however it
    /// ends.
    pub(crate) fn start(kinds: &[Kind]) -> Result<Self> {
        debug_assert_eq!(thread::current().name(), Some("main"), "the servers would end too early");
        let account = Account::choose()?;
        let folder = tempfile::Builder::new().prefix("lodger-services-").tempdir()?;
        account.own(folder.path())?;
        let mut services = Self { servers: Vec::new(), _folder: folder };
        for kind in kinds {
            let recipe: Box<dyn Recipe> = match kind {
                Kind::Postgres => Box::new(Postgres::find_or_install()?),
                Kind::Mariadb => Box::new(Mariadb::find_or_install()?),
            };
            let folder = services._folder.path().join(kind.name().to_lowercase());
            let server = Server::start(recipe.as_ref(), &account, &folder)
                .with_context(|| format!("could not start a private {}", kind.name()))?;
            services.servers.push(server);
        }
        Ok(services)
    }

    /// The servers that the environment does not name already.
    pub(crate) fn start_missing() -> Result<Self> {
        let missing: Vec<Kind> = Kind::ALL.into_iter().filter(|kind| !kind.is_given()).collect();
        Self::start(&missing)
    }

    /// What commands are told: the name of each server's variable, and its superuser's URL.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        self.servers
            .iter()
            .map(|server| (server.kind().variable(), server.url().to_owned()))
            .collect()
    }
}
