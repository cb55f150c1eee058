//! The program, running.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

use crate::browser::Browser;

/// The program as it is started by hand, in a directory of its own.
pub(crate) struct Home(TempDir);

impl Home {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    fn errors(&self) -> PathBuf {
        self.path().join("errors")
    }

    /// What was logged.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.errors()).unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lodger-demo"));
        command
            .current_dir(self.path())
            .args(arguments)
            .env_remove("LODGER_STORE")
            .env_remove("LODGER_DATABASE_URL")
            .env_remove("LODGER_SECRET_KEY")
            .env_remove("LODGER_SECRET_KEY_FALLBACKS")
            .env("RUST_LOG", "trace");
        command
    }

    /// Runs a command that ends by itself.
    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).env_remove("RUST_LOG").output().unwrap()
    }

    /// Starts serving.
    pub(crate) fn serve(&self, arguments: &[&str]) -> Demo {
        self.serve_with(arguments, &[])
    }

    /// Starts serving with environment variables.
    pub(crate) fn serve_with(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Demo {
        let mut child = self
            .command(&[&["--port", "0"], arguments].concat())
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(File::create(self.errors()).unwrap())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("Lodger's demo is on http://");
        let address = address.and_then(|rest| rest.strip_suffix('/'));
        let address = address.unwrap_or_else(|| panic!("{line:?}: {}", self.log())).to_owned();
        Demo { child, address }
    }

    /// The database of its own that the program made.
    pub(crate) async fn database(&self) -> DatabaseConnection {
        let file = self.path().join("lodger-demo.sqlite3");
        Database::connect(format!("sqlite://{}", file.display())).await.unwrap()
    }

    /// How many sessions are stored.
    pub(crate) async fn rows(&self) -> usize {
        let select = sea_orm::sea_query::Query::select()
            .column("session_key")
            .from("django_session")
            .to_owned();
        self.database().await.query_all(&select).await.unwrap().len()
    }
}

/// The program, serving; killed at the end of the test.
pub(crate) struct Demo {
    child: Child,
    pub(crate) address: String,
}

impl Demo {
    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.address)
    }

    /// Has the program end by a signal.
    pub(crate) fn stop(mut self, signal: Signal) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
        self.child.wait().unwrap()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
