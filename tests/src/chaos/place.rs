//! A folder with session files or a SQLite file in it.

use std::path::Path;

use anyhow::Result;
use lodger_migration::{Migrator, MigratorTrait};
use sea_orm::Database;

use super::backend::Backend;

/// Makes what a backend needs in a folder, and gives its URL.
///
/// # Errors
///
/// When that cannot be done.
pub async fn make(backend: Backend, folder: &Path) -> Result<String> {
    if backend == Backend::File {
        return Ok(format!("file://{}", folder.display()));
    }
    let url = format!("sqlite://{}/sessions.sqlite3?mode=rwc", folder.display());
    let db = Database::connect(&url).await?;
    Migrator::up(&db, None).await?;
    db.close().await?;
    Ok(url)
}
