use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use crate::process::Running;
use crate::{interrupt, program};

/// A web site that runs, ended by its process id when this guard is dropped.
pub(super) struct Server {
    /// Without a slash at the end.
    pub(super) url: String,
    _running: Running,
}

const DEADLINE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(20);
const TAIL: usize = 40;

impl Server {
    /// Starts a command that writes to `log`, and waits until `url` finds in it where the site is.
    pub(super) fn start(
        mut command: Command,
        log: &Path,
        url: impl Fn(&str) -> Option<String>,
    ) -> Result<Self> {
        let output = File::create(log)?;
        command.stdout(output.try_clone()?).stderr(output);
        let mut running = Running::start(&mut command)?;
        let deadline = Instant::now() + DEADLINE;
        loop {
            // Asked before the log is read, so that the log of an ended server is complete.
            let ended = running.ended()?;
            let text = read(log);
            if let Some(status) = ended {
                bail!("the site ended while starting: {status}\n{}", tail(&text));
            }
            if let Some(url) = url(&text) {
                return Ok(Self { url, _running: running });
            }
            if Instant::now() > deadline {
                bail!("the site was not ready after {DEADLINE:?}\n{}", tail(&text));
            }
            interrupt::check()?;
            thread::sleep(POLL);
        }
    }
}

/// A command that ends with this task, even if that is killed.
///
/// The kernel ends it with the *thread* that started it: start it from the main thread.
pub(super) fn command(program: &Path) -> Command {
    match program::find("setpriv", &["/usr/bin".into()]) {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "TERM", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    }
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port")?;
    Ok(listener.local_addr()?.port())
}

/// The end of a site's log, under its name.
pub(super) fn log_tail(log: &Path) -> String {
    let name = log.file_name().unwrap_or_default().to_string_lossy();
    format!("--- {name}\n{}", tail(&read(log)))
}

fn read(log: &Path) -> String {
    String::from_utf8_lossy(&fs::read(log).unwrap_or_default()).into_owned()
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}
