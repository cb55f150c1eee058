use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use super::{Kind, Services};
use crate::interrupt;
use crate::process::{self, Running};

#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// A command to run with the servers' URLs in its environment; its exit status is returned.
    ///
    /// Without one the servers stay until Ctrl-C, SIGTERM, or the end of a standard input that is
    /// no terminal.
    #[arg(last = true, value_name = "COMMAND")]
    command: Vec<OsString>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let services = Services::start(&Kind::ALL)?;
    if let [program, rest @ ..] = arguments.command.as_slice() {
        let mut command = Command::new(program);
        command.args(rest).envs(services.variables());
        return Ok(process::exit_code(Running::start_attached(&mut command)?.wait()?));
    }
    for (variable, url) in services.variables() {
        println!("{variable}={url}");
    }
    eprintln!("the servers run until Ctrl-C");
    let closed = watch_standard_input();
    while !closed.load(Ordering::Relaxed) {
        if interrupt::check().is_err() {
            // The way it is meant to end, so no failure.
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    Ok(ExitCode::SUCCESS)
}

/// Becomes true at the end of standard input; never on a terminal, where a task in the background
/// would be stopped for reading.
fn watch_standard_input() -> Arc<AtomicBool> {
    let closed = Arc::new(AtomicBool::new(false));
    if !io::stdin().is_terminal() {
        let closed = Arc::clone(&closed);
        thread::spawn(move || {
            // An error is an end, too.
            let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
            closed.store(true, Ordering::Relaxed);
        });
    }
    closed
}
