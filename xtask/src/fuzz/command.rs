use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail, ensure};

use super::report::Report;
use super::{build, fuzzer};
use crate::program;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How long each target is fuzzed
    #[arg(long, value_name = "N", default_value_t = 60)]
    #[arg(value_parser = clap::value_parser!(u64).range(1..))]
    seconds: u64,
    /// One target instead of all
    #[arg(long)]
    target: Option<String>,
    /// Begin with this seed and the committed corpus alone, so that a run is like the one before
    #[arg(long, value_name = "S", value_parser = clap::value_parser!(u32).range(1..))]
    seed: Option<u32>,
    /// Run the target once, on this file
    #[arg(long, value_name = "FILE", requires = "target", conflicts_with = "seed")]
    reproduce: Option<PathBuf>,
}

/// Each target has a folder of seeds, as a test sees.
const CORPUS: &str = "tests/fuzz/corpus";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let targets = targets(arguments.target.as_deref())?;
    let program = build::fuzzer()?;
    if let (Some(file), [target]) = (&arguments.reproduce, targets.as_slice()) {
        let held = fuzzer::once(&program, target, file)?;
        ensure!(held, "the property of {target} does not hold for {}", file.display());
        println!("{target}: the property holds");
        return Ok(ExitCode::SUCCESS);
    }
    println!("{}", Report::head());
    let mut crashes = Vec::new();
    for target in &targets {
        let report = fuzzer::fuzz(&program, target, arguments.seconds, arguments.seed)?;
        println!("{report}");
        crashes.extend(report.crashes.into_iter().map(|file| (target, file)));
    }
    for (target, file) in &crashes {
        println!("\n{target} crashed; again with:");
        println!("  cargo xtask fuzz --target {target} --reproduce {}", file.display());
    }
    if !crashes.is_empty() {
        bail!("crashes: {}", crashes.len());
    }
    Ok(ExitCode::SUCCESS)
}

/// The names of all targets, or the one that is wanted.
fn targets(wanted: Option<&str>) -> Result<Vec<String>> {
    let folder = program::root().join(CORPUS);
    let entries = folder.read_dir().with_context(|| format!("no {}", folder.display()))?;
    let names = entries.flatten().filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<String> = names.collect();
    names.sort();
    if let Some(wanted) = wanted {
        let all = names.join(", ");
        names.retain(|name| name == wanted);
        ensure!(!names.is_empty(), "there is no target {wanted}, but {all}");
    }
    Ok(names)
}
