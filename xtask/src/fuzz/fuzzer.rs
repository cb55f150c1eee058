use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use super::report::Report;
use crate::{process, program};

/// What a fuzzer has found so far, and what broke a property; both stay from run to run.
const FOUND: &str = "target/fuzz/corpus";
const CRASHES: &str = "target/fuzz/crashes";

/// Names the target to the program.
const TARGET: &str = "LODGER_FUZZ_TARGET";

/// The longest input that is made up, in bytes.
const LONGEST: usize = 4096;

/// Fuzzes a target for so long. With a seed it begins anew, so that equal runs are alike as far as
/// they get.
pub(super) fn fuzz(path: &Path, target: &str, seconds: u64, seed: Option<u32>) -> Result<Report> {
    let root = program::root();
    let fresh = tempfile::tempdir()?;
    let found = match seed {
        Some(_) => fresh.path().to_owned(),
        None => root.join(FOUND).join(target),
    };
    let crashes = root.join(CRASHES).join(target);
    for folder in [&found, &crashes] {
        fs::create_dir_all(folder).with_context(|| format!("no folder {}", folder.display()))?;
    }
    let before = files(&crashes)?;
    let mut command = command(path, target);
    command.arg(&found).arg(root.join("tests/fuzz/corpus").join(target));
    command.arg(format!("-max_total_time={seconds}")).arg(format!("-max_len={LONGEST}"));
    command.arg(format!("-artifact_prefix={}/", crashes.display()));
    command.args(["-print_final_stats=1", "-rss_limit_mb=2048", "-timeout=20"]);
    command.args(seed.map(|seed| format!("-seed={seed}")));
    let (status, printed) = said(&mut command)?;
    let crashes = files(&crashes)?.into_iter().filter(|file| !before.contains(file)).collect();
    let report = Report::read(target, &printed, files(&found)?.len(), crashes);
    if !status || !report.crashes.is_empty() {
        print!("{printed}");
    }
    if !status && report.crashes.is_empty() {
        bail!("the fuzzer of {target} ended with an error");
    }
    Ok(report)
}

/// Whether a target's property holds for a file.
pub(super) fn once(path: &Path, target: &str, file: &Path) -> Result<bool> {
    let mut command = command(path, target);
    command.arg(file.canonicalize().with_context(|| format!("no file {}", file.display()))?);
    let (holds, printed) = said(&mut command)?;
    print!("{printed}");
    Ok(holds)
}

fn command(path: &Path, target: &str) -> Command {
    let mut command = Command::new(path);
    command.current_dir(program::root()).env(TARGET, target);
    command
}

/// What a fuzzer says, which is on standard error.
fn said(command: &mut Command) -> Result<(bool, String)> {
    let file = tempfile::NamedTempFile::new()?;
    command.stdout(Stdio::null()).stderr(file.reopen()?);
    let status = process::run(command)?;
    let printed = fs::read(file.path())?;
    Ok((status.success(), String::from_utf8_lossy(&printed).into_owned()))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| format!("no {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}
