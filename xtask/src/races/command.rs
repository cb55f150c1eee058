use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use serde_json::json;

use super::share;
use crate::process::{self, Running};
use crate::services::Services;
use crate::{built, program};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// The store to race on; several may be named
    #[arg(long, value_name = "B", conflicts_with_all = ["all", "check"])]
    backend: Vec<String>,
    /// Race on every store; the operations are then a total, of which each store gets 50,000 or its
    /// share
    #[arg(long, conflicts_with = "check")]
    all: bool,
    /// Sessions in use at a time
    #[arg(long, value_name = "N", default_value_t = 24)]
    sessions: usize,
    /// Processes that race with each other
    #[arg(long, value_name = "W", default_value_t = 2, value_parser = clap::value_parser!(u32).range(2..))]
    workers: u32,
    /// Tasks at a time in each process
    #[arg(long, value_name = "T", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..))]
    tasks: u32,
    /// Operations, loads and writes: for each store named, or in all
    #[arg(long, value_name = "M", default_value_t = 50_000)]
    ops: u64,
    /// What the operations are drawn from; how they interleave is up to the machine
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Keep the histories in this folder
    #[arg(long, value_name = "DIR")]
    keep: Option<PathBuf>,
    /// Do not look for the seeded defects first
    #[arg(long)]
    no_defects: bool,
    /// Check histories in place of racing: files of JSON lines
    #[arg(long, value_name = "FILE", num_args = 1..)]
    check: Vec<PathBuf>,
    /// Let two reads during one write see it in the wrong order, as a cache in front of a database may
    #[arg(long, requires = "check")]
    overlapping_reads: bool,
}

/// The program of the package lodger-tests that does it.
const PROGRAM: &str = "races";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    if !arguments.check.is_empty() {
        let absolute = arguments.check.iter().map(std::path::absolute);
        let files = absolute.collect::<std::io::Result<Vec<PathBuf>>>()?;
        let orders = json!({ "files": files, "overlapping_reads": arguments.overlapping_reads });
        return start("check", &orders, None);
    }
    let named = arguments.backend.iter().map(|name| (name.as_str(), arguments.ops));
    let backends: Vec<(&str, u64)> =
        if arguments.all { share::among_all(arguments.ops) } else { named.collect() };
    ensure!(!backends.is_empty(), "name a store with --backend, or take --all");
    let orders = json!({
        "backends": backends,
        "sessions": arguments.sessions,
        "workers": arguments.workers,
        "tasks": arguments.tasks,
        "seed": arguments.seed,
        "keep": arguments.keep.as_ref().map(std::path::absolute).transpose()?,
        "defects": !arguments.no_defects,
    });
    let services = Services::start_missing()?;
    start("run", &orders, Some(&services))
}

/// Runs the program with the servers' URLs, and gives its exit code.
fn start(task: &str, orders: &serde_json::Value, services: Option<&Services>) -> Result<ExitCode> {
    let mut command = built::build(PROGRAM)?;
    command.current_dir(program::root()).arg(task).arg(orders.to_string());
    command.envs(services.map(Services::variables).unwrap_or_default());
    Ok(process::exit_code(Running::start(&mut command)?.wait()?))
}
