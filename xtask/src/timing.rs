//! Whether comparisons take time that tells something, measured by a bench of lodger-backends. It is
//! printed and is no gate: see there.

use std::process::ExitCode;

use anyhow::Result;

use crate::{process, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// How often each comparison is timed
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    #[arg(value_parser = clap::value_parser!(u64).range(10_000..))]
    samples: u64,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut command = program::cargo();
    command.args(["bench", "--quiet", "--package", "lodger-backends", "--features", "memory"]);
    command.args(["--bench", "timing", "--", "--samples", &arguments.samples.to_string()]);
    Ok(process::exit_code(process::run(&mut command)?))
}
