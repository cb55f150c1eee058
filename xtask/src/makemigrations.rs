//! The migrations, made from the entity or compared with it.

use std::process::ExitCode;

use anyhow::Result;

use crate::{built, process};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing, and fail when the entity and the last migration differ
    #[arg(long)]
    check: bool,
}

/// The program of the package lodger-migration that does it.
const PROGRAM: &str = "makemigrations";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    make(arguments.check)
}

/// Compares the entity with the last migration.
pub(crate) fn check() -> Result<ExitCode> {
    make(true)
}

fn make(check: bool) -> Result<ExitCode> {
    let mut command = built::build(PROGRAM)?;
    if check {
        command.arg("--check");
    }
    Ok(process::exit_code(process::run(&mut command)?))
}
