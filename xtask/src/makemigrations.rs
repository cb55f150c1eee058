//! The migrations, made from the entity or compared with it.

use std::path::PathBuf;
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{process, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Write nothing, and fail when the entity and the last migration differ
    #[arg(long)]
    check: bool,
}

/// The program of the package lodger-migration that does it.
const PROGRAM: &str = "makemigrations";

/// The one kind of message that names a program.
#[derive(Deserialize)]
struct Artifact {
    executable: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    make(arguments.check)
}

/// Compares the entity with the last migration.
pub(crate) fn check() -> Result<ExitCode> {
    make(true)
}

fn make(check: bool) -> Result<ExitCode> {
    let mut command = Command::new(build()?);
    command.current_dir(program::root());
    if check {
        command.arg("--check");
    }
    Ok(process::exit_code(process::run(&mut command)?))
}

/// Builds it with the features that the whole workspace asks for. `cargo run --package` would build
/// SeaORM a second time, with those of one package.
fn build() -> Result<PathBuf> {
    let mut command = program::cargo();
    command.args(["build", "--quiet", "--workspace", "--bin", PROGRAM]);
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let (status, messages) = process::output(&mut command)?;
    ensure!(status.success(), "{PROGRAM} does not compile");
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok()?.executable)
        .find(|executable| executable.file_name().is_some_and(|name| name == PROGRAM))
        .with_context(|| format!("cargo built no {PROGRAM}"))
}
