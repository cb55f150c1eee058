//! Makes the next migration, or says with `--check` whether one is due.
#![expect(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::PathBuf;

use anyhow::{Context, Result};
use clap::Parser;
use lodger_migration::generator::{History, Snapshot};

/// Compares the entities with the last snapshot and writes the migration that is missing.
#[derive(Parser)]
struct Arguments {
    /// Write nothing; fail if the entities and the last snapshot differ.
    #[arg(long)]
    check: bool,
    /// The folder of the package of migrations.
    #[arg(long, env = "CARGO_MANIFEST_DIR", default_value = "migration")]
    dir: PathBuf,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let wanted = Snapshot::of_entities()?;
    let mut history = History::open(&arguments.dir)
        .with_context(|| format!("cannot use the migrations in {}", arguments.dir.display()))?;
    if arguments.check {
        history.check(&wanted)?;
        println!("the entities and the last snapshot agree");
        return Ok(());
    }
    let made = history.make(&wanted, chrono::Utc::now().date_naive())?;
    if made.is_empty() {
        println!("no changes");
    }
    for version in made {
        println!("made {version}");
    }
    Ok(())
}
