//! Runs the migrations from the command line, by itself or under `sea-orm-cli migrate`.

use anyhow::{Result, bail};
use lodger_migration::{DjangoMigrator, Migrator};
use sea_orm_migration::cli;

/// Set to 1 to write Django's row after `up`, `refresh` and `fresh`.
const DJANGO_ROW: &str = "LODGER_DJANGO_ROW";

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    match std::env::var(DJANGO_ROW).as_deref() {
        Ok("1") => cli::run_cli(DjangoMigrator).await,
        Err(std::env::VarError::NotPresent) | Ok("" | "0") => cli::run_cli(Migrator).await,
        _ => bail!("{DJANGO_ROW} must be 1 or 0"),
    }
    Ok(())
}
