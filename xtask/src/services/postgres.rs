use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::recipe::{Place, Ready, Recipe, SUPERUSER, initialise_with};
use super::{Kind, debian, install};
use crate::program;

/// PostgreSQL of a folder that holds `initdb` and `postgres`.
pub(super) struct Postgres {
    programs: PathBuf,
}

/// Lets tests count the statements that the server saw; it must be loaded at the start.
const STATEMENTS: &str = "pg_stat_statements";

impl Postgres {
    pub(super) fn find_or_install() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        // Debian has no package of the bare server: this one makes a cluster of its own, which
        // stays stopped.
        install::packages(Kind::Postgres.name(), &["postgresql"])?;
        Self::find().context("the package postgresql has brought no initdb")
    }

    fn find() -> Option<Self> {
        // A link on the PATH leads to the folder that holds the rest.
        let initdb = program::find("initdb", &debian::postgres_folders())?.canonicalize().ok()?;
        let programs = initdb.parent()?.to_owned();
        program::is_executable(&programs.join("postgres")).then_some(Self { programs })
    }

    fn has_statements(&self) -> bool {
        let file = format!("{STATEMENTS}.so");
        ["../lib", "../lib/postgresql", "../lib64/pgsql"]
            .iter()
            .any(|library| self.programs.join(library).join(&file).exists())
    }
}

impl Recipe for Postgres {
    fn kind(&self) -> Kind {
        Kind::Postgres
    }

    fn initialise(&self, place: &Place<'_>) -> Result<()> {
        let password = place.folder.join("password");
        fs::write(&password, place.password)?;
        place.account.own(&password)?;
        let mut command =
            place.account.command(&self.programs.join("initdb"), place.folder, "TERM");
        command.args(["--pgdata=data", "--pwfile=password", "--auth=scram-sha-256"]);
        command.arg(format!("--username={SUPERUSER}"));
        command.args(["--encoding=UTF8", "--no-locale", "--no-sync"]);
        let result = initialise_with(place, &mut command);
        fs::remove_file(&password)?;
        result
    }

    fn serve(&self, place: &Place<'_>, port: u16) -> Result<Command> {
        // SIGQUIT ends it at once: after the task's death nobody needs the data any more.
        let mut command =
            place.account.command(&self.programs.join("postgres"), place.folder, "QUIT");
        command.args(["-D", "data", "-p", &port.to_string()]);
        // Neither sockets nor shared memory may stand outside the folder.
        let mut settings = vec![
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "dynamic_shared_memory_type=mmap",
            "max_connections=300",
        ];
        let library = format!("shared_preload_libraries={STATEMENTS}");
        if self.has_statements() {
            settings.push(&library);
        }
        for setting in settings {
            command.args(["-c", setting]);
        }
        Ok(command)
    }

    fn ready(&self) -> Ready {
        Ready::Log("database system is ready to accept connections")
    }

    fn end(&self) -> &'static [(Signal, Duration)] {
        // SIGTERM would wait for the clients to leave.
        const STEPS: &[(Signal, Duration)] = &[
            (Signal::INT, Duration::from_secs(10)),
            (Signal::QUIT, Duration::from_secs(5)),
            (Signal::KILL, Duration::from_secs(5)),
        ];
        STEPS
    }

    fn url(&self, place: &Place<'_>, port: u16) -> String {
        format!("postgres://{SUPERUSER}:{}@127.0.0.1:{port}/postgres", place.password)
    }
}
