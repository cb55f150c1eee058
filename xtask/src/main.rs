//! Lodger's own tasks: `cargo xtask`.
//!
//! They start processes and link no crate of Lodger's, so that a task runs while the crates do not
//! compile.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a task talks to its terminal")]

mod built;
mod chaos;
mod ci;
mod fuzz;
mod interop;
mod interrupt;
mod makemigrations;
mod metadata;
mod process;
mod program;
mod proptest;
mod races;
mod scale;
mod schedules;
mod services;
mod test;
mod tidy;
mod timing;

use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::interrupt::Interrupted;

#[derive(Debug, Parser)]
#[command(name = "cargo xtask", about = "Lodger's own tasks")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Debug, Subcommand)]
enum Task {
    /// Start private servers: PostgreSQL, MariaDB, Redis, a Redis Cluster, memcached
    Services(services::Arguments),
    /// Run all tests, on SQLite, files and private servers, and count them in a table
    Test(test::Arguments),
    /// Run the property tests with a given number of cases
    Proptest(proptest::Arguments),
    /// Fuzz whatever reads foreign bytes, and print executions and crashes
    Fuzz(fuzz::Arguments),
    /// Run Lodger's demo and real Django sites on the same sessions, with each of Django's engines
    Interop(interop::Arguments),
    /// Inflict faults on real servers, files and wires, and count what became of each save
    Chaos(chaos::Arguments),
    /// Race many workers on few sessions of every store, and check the histories for anomalies
    Races(races::Arguments),
    /// Clear a folder of many session files, and print time and memory
    Scale(scale::Arguments),
    /// Try the memory store and the queue in many orders of their steps
    Schedules(schedules::Arguments),
    /// Make the migrations that the entity asks for
    Makemigrations(makemigrations::Arguments),
    /// Print whether comparing a signature or a key takes time that tells something
    Timing(timing::Arguments),
    /// Check the rules of the house: edges between crates, sizes, names
    Tidy,
    /// Run all checks that need no server
    Ci,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match interrupt::watch().and_then(|()| dispatch(&arguments.task)) {
        Ok(code) => code,
        Err(error) => match error.downcast_ref::<Interrupted>() {
            Some(interrupted) => ExitCode::from(interrupted.exit_code()),
            None => {
                eprintln!("error: {error:#}");
                ExitCode::FAILURE
            }
        },
    }
}

fn dispatch(task: &Task) -> Result<ExitCode> {
    match task {
        Task::Services(arguments) => services::run(arguments),
        Task::Test(arguments) => test::run(arguments),
        Task::Proptest(arguments) => proptest::run(arguments),
        Task::Fuzz(arguments) => fuzz::run(arguments),
        Task::Interop(arguments) => interop::run(arguments),
        Task::Chaos(arguments) => chaos::run(arguments),
        Task::Races(arguments) => races::run(arguments),
        Task::Scale(arguments) => scale::run(arguments),
        Task::Schedules(arguments) => schedules::run(arguments),
        Task::Makemigrations(arguments) => makemigrations::run(arguments),
        Task::Timing(arguments) => timing::run(arguments),
        Task::Tidy => tidy::run(),
        Task::Ci => ci::run(),
    }
}
