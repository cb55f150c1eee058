//! A database server of the test's own, which it may kill.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use serde::Deserialize;

use super::port_of;
use crate::process;

/// A server that was killed goes through its log first.
const PATIENCE: Duration = Duration::from_secs(60);

/// A PostgreSQL or MariaDB on a free port of the loopback, over a data folder that `cargo xtask` has
/// made. Dropping it kills it.
pub struct OwnDatabaseServer {
    recipe: Recipe,
    child: Option<Child>,
}

/// How it is started, as `cargo xtask` writes it.
#[derive(Deserialize)]
struct Recipe {
    program: PathBuf,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
    /// The line of its log that says that it takes connections.
    ready: String,
    /// The signal that has it end in order.
    end: String,
    url: String,
}

impl OwnDatabaseServer {
    /// Starts it, as `cargo xtask` has written that down, with further options. The server ends with
    /// the thread that calls this.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn start(recipe: &str, options: &[&str]) -> Result<Self> {
        let mut recipe: Recipe = serde_json::from_str(recipe)?;
        recipe.arguments.extend(options.iter().map(|option| (*option).to_owned()));
        let mut server = Self { recipe, child: None };
        server.restart().await?;
        Ok(server)
    }

    /// The superuser's URL.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.recipe.url
    }

    /// The port, which stays the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        port_of(&self.recipe.url)
    }

    /// Starts it on the same data, and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When it does not, in time.
    pub async fn restart(&mut self) -> Result<()> {
        self.kill();
        let deadline = Instant::now() + PATIENCE;
        loop {
            let log = self.launch()?;
            while self.child.as_mut().is_some_and(|child| matches!(child.try_wait(), Ok(None))) {
                if std::fs::read_to_string(&log)?.contains(&self.recipe.ready) {
                    return Ok(());
                }
                if Instant::now() > deadline {
                    break;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            // What is left of the killed one may hold its memory or its locks for a moment.
            if Instant::now() > deadline {
                bail!("the server does not start again: {}", std::fs::read_to_string(&log)?);
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    fn launch(&mut self) -> Result<PathBuf> {
        let path = self.recipe.folder.join("chaos.log");
        let log = File::create(&path)?;
        let mut command = Command::new(&self.recipe.program);
        command.args(&self.recipe.arguments).envs(self.recipe.environment.iter().cloned());
        command.current_dir(&self.recipe.folder).stdin(Stdio::null());
        self.child = Some(command.stdout(log.try_clone()?).stderr(log).spawn()?);
        Ok(path)
    }

    /// Kills it with all of its processes, as a crash does.
    ///
    /// # Panics
    ///
    /// When it cannot be killed.
    pub fn kill(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let others = children_of(child.id());
        child.kill().expect("a process of ours can be killed");
        if !others.is_empty() {
            // Those that have ended by themselves meanwhile are none of ours any more.
            let _ = Command::new("kill").arg("-9").args(&others).stderr(Stdio::null()).status();
        }
        child.wait().expect("a killed process ends");
    }

    /// Has it end as an administrator does.
    pub fn end(&mut self) {
        if let Some(child) = self.child.take() {
            process::end(child, &self.recipe.end);
        }
    }
}

impl Drop for OwnDatabaseServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The processes that a process has started, as far as they still run.
fn children_of(parent: u32) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| parent_of(name) == Some(parent)).collect()
}

fn parent_of(process: &str) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; what follows are the state and the parent.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
