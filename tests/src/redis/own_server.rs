//! A server of the test's own, which it may kill.

use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use redis::aio::MultiplexedConnection;
use tempfile::TempDir;

use super::admin;
use crate::process;
use crate::report::skip;

const PATIENCE: Duration = Duration::from_secs(20);
const LOG: &str = "redis.log";
/// A port that was free may be somebody else's by the time that a server takes it.
const ATTEMPTS: usize = 5;

/// A `redis-server` on a free port of the loopback, with data in a folder of its own. Dropping it
/// kills it.
pub struct OwnRedis {
    folder: TempDir,
    port: u16,
    arguments: Vec<String>,
    child: Option<Child>,
}

impl OwnRedis {
    /// Starts one that keeps nothing on disk; `None`, noted as a skip, if there is no `redis-server`.
    ///
    /// `arguments` are directives of `redis.conf`; `{folder}` in them stands for its folder, `{port}`
    /// for a port that is free.
    ///
    /// # Panics
    ///
    /// When it is there and does not start.
    pub async fn start(arguments: &[&str]) -> Option<Self> {
        let mut failed = None;
        for _ in 0..ATTEMPTS {
            let mut server = Self::prepare(arguments)?;
            match server.restart().await {
                Ok(()) => return Some(server),
                Err(error) => failed = Some(error),
            }
        }
        panic!("redis-server does not start: {failed:?}");
    }

    /// As [`start`](Self::start), before it is started.
    ///
    /// # Panics
    ///
    /// When there is no room for it.
    pub fn prepare(arguments: &[&str]) -> Option<Self> {
        let version = Command::new("redis-server").arg("--version").stdout(Stdio::null()).status();
        if version.is_err() {
            skip("there is no redis-server");
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder can be made");
        let place = folder.path().to_str().expect("the folder's name is text").to_owned();
        let port = free_port().to_string();
        let arguments = arguments
            .iter()
            .map(|argument| argument.replace("{folder}", &place).replace("{port}", &port));
        let (port, arguments) = (free_port(), arguments.collect());
        Some(Self { folder, port, arguments, child: None })
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// The port, which stays the same after a restart.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A connection of the test's own.
    ///
    /// # Panics
    ///
    /// When it is not there.
    pub async fn admin(&self) -> MultiplexedConnection {
        admin(&self.url()).await.expect("the test's own server is there")
    }

    /// Runs a command, and gives its reply as text.
    ///
    /// # Panics
    ///
    /// When it is refused.
    pub async fn run(&self, command: &[&str]) -> String {
        let mut redis = self.admin().await;
        let mut asked = redis::cmd(command[0]);
        asked.arg(&command[1..]);
        let reply: redis::Value = asked.query_async(&mut redis).await.expect("it is not refused");
        redis::from_redis_value(reply.clone()).unwrap_or_else(|_| format!("{reply:?}"))
    }

    /// How often it has run a command since the statistics were reset, scripts' own included.
    pub async fn calls(&self, command: &str) -> u64 {
        let info = self.run(&["INFO", "commandstats"]).await;
        let line = info.lines().find_map(|line| line.strip_prefix(&format!("cmdstat_{command}:")));
        let calls = line.and_then(|line| line.strip_prefix("calls="));
        calls.and_then(|rest| rest.split(',').next()?.parse().ok()).unwrap_or(0)
    }

    /// Kills it, as a crash does.
    ///
    /// # Panics
    ///
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the test's own server can be killed");
            child.wait().expect("a killed process ends");
        }
    }

    /// Has it stand still, without a word to whoever is connected.
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn stop(&self) {
        self.signal("-STOP");
    }

    /// Has it go on after [`stop`](Self::stop).
    ///
    /// # Panics
    ///
    /// When it does not run.
    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        process::signal(self.child.as_ref().expect("the server runs"), signal);
    }

    /// Has it end as an administrator does.
    pub fn end(&mut self) {
        if let Some(child) = self.child.take() {
            process::end(child, "-TERM");
        }
    }

    /// Starts it again on the same port and data, and waits until it is ready.
    ///
    /// # Errors
    ///
    /// When it is not in time.
    pub async fn restart(&mut self) -> Result<()> {
        let before = self.times_ready();
        self.restart_unready()?;
        let deadline = Instant::now() + PATIENCE;
        while self.times_ready() == before {
            let child = self.child.as_mut().context("it was just started")?;
            if let Some(status) = child.try_wait()? {
                bail!("redis-server ended with {status}: {}", self.log());
            }
            if Instant::now() > deadline {
                bail!("redis-server was not ready in time: {}", self.log());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// The same without waiting.
    ///
    /// # Errors
    ///
    /// When there is no such program.
    pub fn restart_unready(&mut self) -> Result<()> {
        self.kill();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &self.port.to_string(), "--save", ""]);
        command.args(["--logfile", LOG, "--dir"]).arg(self.folder.path());
        command.args(&self.arguments).stdin(Stdio::null()).stdout(Stdio::null());
        self.child = Some(command.current_dir(self.folder.path()).spawn()?);
        Ok(())
    }

    fn times_ready(&self) -> usize {
        self.log().matches("Ready to accept connections").count()
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }
}

impl Drop for OwnRedis {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A port that nobody listens on.
///
/// # Panics
///
/// When there is none.
#[must_use]
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}
