use std::fs::{self, File};
use std::io::Read;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Child;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use super::Kind;
use super::account::Account;
use super::recipe::{Place, Ready, Recipe};
use crate::{interrupt, process};

/// A running server, ended by its process id when this guard is dropped.
pub(super) struct Server {
    kind: Kind,
    port: u16,
    url: String,
    child: Child,
    log: PathBuf,
    end: &'static [(Signal, Duration)],
}

/// How often a server is started again when its port was taken in the meantime.
const ATTEMPTS: usize = 3;
const DEADLINE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);
const TAIL: usize = 30;

impl Server {
    /// Makes the data folder and serves from it, with a password of its own.
    pub(super) fn start(recipe: &dyn Recipe, account: &Account, folder: &Path) -> Result<Self> {
        Self::start_with(recipe, account, folder, &random_password()?)
    }

    /// The same with a given password.
    pub(super) fn start_with(
        recipe: &dyn Recipe,
        account: &Account,
        folder: &Path,
        password: &str,
    ) -> Result<Self> {
        let place = Place { account, folder, password };
        fs::create_dir(folder)?;
        account.own(folder)?;
        recipe.initialise(&place)?;
        for _ in 0..ATTEMPTS {
            let mut server = Self::launch(recipe, &place)?;
            match server.wait_until_ready(recipe.ready())? {
                Startup::Ready => return Ok(server),
                Startup::PortTaken => {}
            }
        }
        bail!("{} found no free port in {ATTEMPTS} attempts", recipe.kind().name());
    }

    pub(super) fn kind(&self) -> Kind {
        self.kind
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    fn launch(recipe: &dyn Recipe, place: &Place<'_>) -> Result<Self> {
        let port = free_port()?;
        let log = place.folder.join("log");
        let output = File::create(&log)?;
        let child = recipe
            .serve(place, port)?
            .stdout(output.try_clone()?)
            .stderr(output)
            // A terminal's Ctrl-C is for the task, which ends the servers last.
            .process_group(0)
            .spawn()
            .with_context(|| format!("could not start {}", recipe.kind().name()))?;
        let url = recipe.url(place, port);
        Ok(Self { kind: recipe.kind(), port, url, child, log, end: recipe.end() })
    }

    fn wait_until_ready(&mut self, ready: Ready) -> Result<Startup> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            // Asked before the log is read, so that the log of an ended server is complete.
            let ended = self.child.try_wait()?;
            let log = String::from_utf8_lossy(&fs::read(&self.log)?).into_owned();
            if let Some(status) = ended {
                if log.to_lowercase().contains("address already in use") {
                    return Ok(Startup::PortTaken);
                }
                bail!("{} ended while starting: {status}\n{}", self.kind.name(), tail(&log));
            }
            if self.is_ready(ready, &log) {
                return Ok(Startup::Ready);
            }
            if Instant::now() > deadline {
                let name = self.kind.name();
                bail!("{name} was not ready after {DEADLINE:?}\n{}", tail(&log));
            }
            interrupt::check()?;
            thread::sleep(POLL);
        }
    }
}

impl Server {
    fn is_ready(&self, ready: Ready, log: &str) -> bool {
        match ready {
            Ready::Log(words) => log.contains(words),
            Ready::Port => TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok(),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        process::end(&mut self.child, false, self.end);
    }
}

enum Startup {
    Ready,
    PortTaken,
}

/// A port that was free a moment ago.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port")?;
    Ok(listener.local_addr()?.port())
}

pub(super) fn random_password() -> Result<String> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes).context("could not read /dev/urandom")?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn tail(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    lines[lines.len().saturating_sub(TAIL)..].join("\n")
}
