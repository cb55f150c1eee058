//! Races on every store, for `cargo xtask races`, and the processes that run them.
//!
//! `races run JSON` and `races check JSON` do what their argument says; `races serve` is one of the
//! processes of a race. It ends with a failure if an anomaly was found, or a seeded defect was not.
#![expect(clippy::print_stdout, reason = "it talks to the terminal")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use lodger_testing::history::Verdict;
use lodger_tests::races::{self, Defect, Hunt, Plan, RaceBackend, Round, Tally};
use serde::Deserialize;

/// How many events one history has at most, so that it can be checked in memory.
const ROUND: usize = 50_000;

/// What `races run` is told.
#[derive(Deserialize)]
struct Orders {
    /// Each store with its number of operations.
    backends: Vec<(String, usize)>,
    sessions: usize,
    workers: u32,
    tasks: u32,
    seed: u64,
    /// Where histories are kept.
    keep: Option<PathBuf>,
    /// Whether the seeded defects are looked for first.
    defects: bool,
}

/// What `races check` is told.
#[derive(Deserialize)]
struct Files {
    files: Vec<PathBuf>,
    overlapping_reads: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let task = arguments.next().context("an argument is missing")?;
    let mut json = || arguments.next().context("an argument is missing");
    let clean = match task.as_str() {
        "serve" => races::serve().await.map(|()| true)?,
        "run" => run(serde_json::from_str(&json()?)?).await?,
        "check" => check(&serde_json::from_str(&json()?)?)?,
        _ => bail!("{task} is none of the tasks"),
    };
    Ok(if clean { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn run(orders: Orders) -> Result<bool> {
    let backends = orders.backends.iter().map(|(name, count)| Ok((name.parse()?, *count)));
    let backends = backends.collect::<Result<Vec<(RaceBackend, usize)>>>()?;
    if orders.defects {
        find_defects(orders.seed).await?;
    }
    let temporary = tempfile::tempdir()?;
    let folder = orders.keep.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(folder)?;
    let mut rows = Vec::new();
    for (backend, count) in backends {
        rows.push((backend, race(&orders, backend, count, folder).await?));
    }
    println!("\n{}", Tally::heading());
    let mut total = Tally::default();
    for (backend, tally) in &rows {
        println!("{backend:26}{tally}");
        total.add(tally);
    }
    println!("{:26}{total}", "all");
    print_operations(&total);
    Ok(total.is_clean())
}

/// The negative controls, first of all.
async fn find_defects(seed: u64) -> Result<()> {
    let mut missed = Vec::new();
    for defect in Defect::ALL {
        match Hunt::new(seed).run(defect).await? {
            Some(caught) => {
                println!("caught: {defect} by {}, {} events", caught.code, caught.events)
            }
            None => missed.push(defect.to_string()),
        }
    }
    ensure!(missed.is_empty(), "seeded defects that were not found: {}", missed.join(", "));
    println!("caught: all {} seeded defects\n", Defect::ALL.len());
    Ok(())
}

/// So many operations on one store, in as many rounds as it takes.
async fn race(orders: &Orders, backend: RaceBackend, count: usize, folder: &Path) -> Result<Tally> {
    let (began, program) = (Instant::now(), std::env::current_exe()?);
    let mut tally = Tally::default();
    let rounds = count.div_ceil(ROUND).max(1);
    for (number, seed) in (1..=rounds).zip(orders.seed..) {
        let (sessions, processes) = (orders.sessions, orders.workers);
        let events = count.div_ceil(rounds);
        let plan = Plan { sessions, processes, tasks: orders.tasks, events, seed };
        let round = Round { backend, plan, program: &program, folder };
        let raced = round.run().await.with_context(|| format!("the race on {backend}"))?;
        let (found, verdict) = raced.with_context(|| format!("no server for {backend}"))?;
        tally.add(&found);
        print_anomalies(&verdict);
        let seconds = began.elapsed().as_secs_f64();
        println!(
            "{backend}: round {number} of {rounds}, {} operations on {} sessions in {seconds:.0} s, \
             {} anomalies",
            tally.events(),
            tally.sessions,
            tally.anomalies
        );
        if orders.keep.is_none() && found.is_clean() {
            std::fs::remove_file(round.history())?;
        } else {
            println!("{backend}: the history is {}", kept(&round, orders)?.display());
        }
    }
    Ok(tally)
}

/// Where the history of a round stays.
fn kept(round: &Round<'_>, orders: &Orders) -> Result<PathBuf> {
    if orders.keep.is_some() {
        return Ok(round.history());
    }
    let name = format!("lodger-{}-{}.jsonl", round.backend, std::process::id());
    let kept = std::env::temp_dir().join(name);
    std::fs::copy(round.history(), &kept)?;
    Ok(kept)
}

fn check(files: &Files) -> Result<bool> {
    let mut clean = true;
    println!("{}", Tally::heading());
    for (file, tally, verdict) in races::check_files(&files.files, files.overlapping_reads)? {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        println!("{name:26}{tally}");
        print_anomalies(&verdict);
        clean &= tally.is_clean();
    }
    Ok(clean)
}

/// Each anomaly with the events that show it, up to twenty.
fn print_anomalies(verdict: &Verdict) {
    for anomaly in verdict.anomalies.iter().take(20) {
        println!("{anomaly}");
        for event in &anomaly.events {
            println!("    {}", serde_json::to_string(event).unwrap_or_default());
        }
    }
    if let Some(more) = verdict.anomalies.len().checked_sub(20).filter(|more| *more > 0) {
        println!("and {more} more");
    }
}

fn print_operations(total: &Tally) {
    let counts = total.operations.iter().map(|(operation, count)| format!("{operation:?} {count}"));
    println!("{}", counts.collect::<Vec<_>>().join(", ").to_lowercase());
}
