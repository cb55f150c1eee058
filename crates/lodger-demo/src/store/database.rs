//! The database: opening and migrating.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use lodger::DateStorage;
use lodger::db::DbStore;
use lodger_migration::{Migrator, MigratorTrait};
use tokio::time::timeout;

use crate::database_url::DatabaseUrl;

/// How long a database may take to be reached, such as one that is being started.
const PATIENCE: Duration = Duration::from_secs(10);

/// Connects and migrates; a table that a Django site made is left as it is.
pub(super) async fn open(url: &DatabaseUrl, storage: DateStorage) -> Result<DbStore> {
    // The driver goes on trying to reach a server that is not there.
    let store = match timeout(PATIENCE, DbStore::connect(url.as_str())).await {
        Ok(Ok(store)) => store,
        // The error says no more, since a driver's words may quote the password.
        Ok(Err(_)) | Err(_) => bail!(unreachable(url)),
    };
    Migrator::up(store.connection(), None).await.context("the database cannot be migrated")?;
    Ok(store.with_date_storage(storage))
}

fn unreachable(url: &DatabaseUrl) -> String {
    match url.sqlite_file() {
        Some(file) => format!("the SQLite file {} cannot be opened for writing", file.display()),
        None => {
            "the database cannot be reached: check --store and whether its server runs".to_owned()
        }
    }
}
