//! Inflicts faults and tells what became of each save, for `cargo xtask chaos`.
//!
//! Each line that it prints is a [`Line`] as JSON. With `visit` or `sweep` as first argument it is the
//! application that is killed.
#![expect(clippy::print_stdout, reason = "another process reads it")]

use anyhow::{Context, Result, bail};
use lodger_tests::chaos::plan::{Line, Plan};
use lodger_tests::chaos::{apart, sweeping};
use tokio::signal::ctrl_c;
use tokio::signal::unix::{SignalKind, signal};

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.split_first() {
        Some((task, rest)) if task == apart::TASK => apart::run(rest),
        Some((task, rest)) if task == sweeping::TASK => sweeping::run(rest),
        _ => inflict(&arguments),
    }
}

#[tokio::main]
async fn inflict(arguments: &[String]) -> Result<()> {
    let plan = plan(arguments)?;
    let mut ended = signal(SignalKind::terminate())?;
    tokio::select! {
        done = plan.run(tell) => done,
        // Whatever was started or mounted ends with what holds it.
        _ = ended.recv() => bail!("interrupted"),
        _ = ctrl_c() => bail!("interrupted"),
    }
}

fn tell(line: Line) {
    println!("{}", serde_json::to_string(&line).expect("a line is plain data"));
}

/// `--fault F`, `--backend B`, `--quick`, `--seed N`, each as often as one likes.
fn plan(arguments: &[String]) -> Result<Plan> {
    let mut plan = Plan { program: std::env::current_exe()?, seed: 1, ..Plan::default() };
    let mut arguments = arguments.iter();
    while let Some(name) = arguments.next() {
        let mut value = || arguments.next().context("an argument lacks its value");
        match name.as_str() {
            "--fault" => plan.faults.push(value()?.clone()),
            "--backend" => plan.backends.push(value()?.clone()),
            "--seed" => plan.seed = value()?.parse()?,
            "--quick" => plan.quick = true,
            _ => bail!("{name} is no argument"),
        }
    }
    Ok(plan)
}
