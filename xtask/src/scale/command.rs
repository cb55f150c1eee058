use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use anyhow::{Context, Result, ensure};

use super::report::Report;
use crate::{built, process};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How many session files; every second one has expired
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    files: u64,
    /// Where the folder for them is made, and removed afterwards
    #[arg(long, value_name = "FOLDER", default_value = "target")]
    within: PathBuf,
}

/// The program of the package lodger-tests that does it.
const PROGRAM: &str = "session_files";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let program = built::build(PROGRAM)?;
    let folder = tempfile::Builder::new().prefix("scale").tempdir_in(&arguments.within);
    let folder = folder.with_context(|| format!("no folder in {:?}", arguments.within))?;
    let files = arguments.files.to_string();
    let planted = say(&program, "plant", folder.path(), Some(&files))?;
    println!("{planted}");
    let report = Report::parse(&say(&program, "clear", folder.path(), None)?)?;
    println!("{report}");
    let expired = arguments.files.div_ceil(2);
    ensure!(report.cleared == expired, "{} of {expired} expired files went", report.cleared);
    folder.close().context("the folder cannot be removed")?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the program for the folder, and gives what it printed.
fn say(program: &Command, task: &str, folder: &Path, more: Option<&str>) -> Result<String> {
    let mut command = Command::new(program.get_program());
    command.arg(task).arg(folder.canonicalize()?).args(more).stdout(Stdio::piped());
    let (status, printed) = process::output(&mut command)?;
    ensure!(status.success(), "{PROGRAM} {task} failed");
    Ok(printed.trim_end().to_owned())
}
