use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use super::line::{Line, Row};
use super::table::table;
use super::verdict::{Sum, verdict};
use crate::built;
use crate::process::Running;
use crate::services::Prepared;

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only this fault; may be repeated
    #[arg(long = "fault", value_name = "FAULT")]
    faults: Vec<String>,
    /// Only this backend; may be repeated
    #[arg(long = "backend", value_name = "BACKEND")]
    backends: Vec<String>,
    /// A small part of each
    #[arg(long)]
    quick: bool,
    /// What times and orders come from
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
}

/// The program of the package lodger-tests that does it.
const PROGRAM: &str = "chaos";

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let begun = Instant::now();
    let mut command = program(arguments)?;
    let prepared = Prepared::begin()?;
    for (kind, name, variable) in Prepared::DATABASES {
        if !arguments.has_backend(name) {
            continue;
        }
        match prepared.prepare(kind) {
            Ok(launch) => _ = command.env(variable, launch),
            // Its rows are skips.
            Err(error) => println!("not there: {error:#}"),
        }
    }
    let (rows, skipped) = watch(&mut command, arguments.seed)?;
    println!("{}", table(&rows));
    let Sum { kills, cuts } = Sum::of(&rows);
    let seconds = begun.elapsed().as_secs();
    println!("kills of what is durable: {kills}; connections cut: {cuts}; skipped: {skipped}");
    println!("seed {}, {} min {} s", arguments.seed, seconds / 60, seconds % 60);
    verdict(&rows, arguments.is_whole())?;
    Ok(ExitCode::SUCCESS)
}

impl Arguments {
    fn has_backend(&self, name: &str) -> bool {
        // It may stand behind a cache.
        self.backends.is_empty() || self.backends.iter().any(|backend| backend.ends_with(name))
    }

    fn is_whole(&self) -> bool {
        !self.quick && self.faults.is_empty() && self.backends.is_empty()
    }
}

fn program(arguments: &Arguments) -> Result<Command> {
    let built = built::build(PROGRAM)?;
    let mut command = Command::new(built.get_program());
    command.args(["--seed", &arguments.seed.to_string()]);
    command.args(arguments.quick.then_some("--quick"));
    for fault in &arguments.faults {
        command.args(["--fault", fault]);
    }
    for backend in &arguments.backends {
        command.args(["--backend", backend]);
    }
    command.stdout(Stdio::piped());
    Ok(command)
}

/// Runs the program, and gives its rows and how much was skipped.
fn watch(command: &mut Command, seed: u64) -> Result<(Vec<Row>, usize)> {
    let (mut rows, mut skipped) = (Vec::new(), 0);
    let status = Running::start(command)?.lines(|line| {
        match serde_json::from_str(line).with_context(|| format!("no line of a table: {line}"))? {
            Line::Skip { fault, backend, reason } => {
                skipped += 1;
                println!("skipped: {fault} on {backend}: {reason}");
            }
            Line::Row(row) => {
                tell(&row, seed);
                rows.push(row);
            }
        }
        Ok(())
    })?;
    ensure!(status.success(), "{PROGRAM} failed");
    Ok((rows, skipped))
}

fn tell(row: &Row, seed: u64) {
    let Row { fault, backend, injections, forbidden, findings, .. } = row;
    let result = if forbidden.is_empty() { "kept" } else { "BROKEN" };
    println!("{result}: {fault} on {backend}, {injections} times");
    if !forbidden.is_empty() {
        println!("  {}", forbidden.join(", "));
        findings.iter().for_each(|finding| println!("  {finding}"));
        println!("  again: cargo xtask chaos --fault {fault} --backend {backend} --seed {seed}");
    }
}
