use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use super::configuration::Configuration;
use super::seen::Seen;
use super::server::{self, Server};
use super::visitor::{Reply, Visitor};
use crate::{process, program};

/// The compiled demo.
#[derive(Clone, Debug)]
pub(super) struct Program {
    executable: PathBuf,
}

/// The demo served.
pub(super) struct Demo {
    server: Server,
}

/// What its front page says.
#[derive(Debug, Deserialize)]
pub(super) struct Home {
    pub(super) visits: i64,
    pub(super) basket: Vec<String>,
    pub(super) user_id: Option<String>,
    pub(super) user_name: Option<String>,
}

const PACKAGE: &str = "lodger-demo";

#[derive(Deserialize)]
struct Artifact {
    target: Target,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Program {
    pub(super) fn build() -> Result<Self> {
        let mut command = program::cargo();
        // By itself it would get other features, and the databases' drivers be compiled again.
        command.args(["build", "--workspace", "--bin", PACKAGE]);
        command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
        let (status, messages) = process::output(&mut command)?;
        ensure!(status.success(), "the demo does not compile");
        let executable = messages
            .lines()
            .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
            .find_map(|artifact| artifact.executable.filter(|_| artifact.target.name == PACKAGE));
        Ok(Self { executable: executable.context("the demo has no executable")? })
    }

    /// Removes the expired sessions of a store and returns how many the demo says they were.
    pub(super) fn clear_expired(&self, configuration: &Configuration) -> Result<u64> {
        let mut command = Self::configured(Command::new(&self.executable), configuration);
        command.arg("clear-expired").stdout(Stdio::piped());
        let (status, text) = process::output(&mut command)?;
        ensure!(status.success(), "{PACKAGE} clear-expired failed: {status}");
        let count = text.lines().find_map(|line| line.strip_suffix(" expired sessions removed"));
        count
            .and_then(|count| count.trim().parse().ok())
            .with_context(|| format!("{PACKAGE} clear-expired said {text:?}"))
    }

    pub(super) fn serve(&self, configuration: &Configuration, log: &Path) -> Result<Demo> {
        let mut command = Self::configured(server::command(&self.executable), configuration);
        command.args(["--port", "0"]);
        let server = Server::start(command, log, |log| {
            let mut lines = log.lines();
            let url = lines.find_map(|line| line.strip_prefix("Lodger's demo is on "))?;
            Some(url.trim().trim_end_matches('/').to_owned())
        });
        Ok(Demo { server: server.context("could not serve Lodger's demo")? })
    }

    fn configured(mut command: Command, configuration: &Configuration) -> Command {
        let Configuration { keeping, database, secret, fallbacks, time_zone, .. } = configuration;
        // Not on the command line, where a process list would show the password.
        command.env("LODGER_STORE", keeping.store(database)).args(["--secret-key", secret]);
        for fallback in fallbacks {
            command.args(["--secret-key-fallback", fallback]);
        }
        if let Some(name) = time_zone {
            command.args(["--time-zone", name]);
        }
        command.env_remove("LODGER_SECRET_KEY").env_remove("LODGER_SECRET_KEY_FALLBACKS");
        command
    }
}

impl Demo {
    pub(super) fn seen(&self, visitor: &Visitor) -> Result<Seen> {
        self.look(visitor)?.json()
    }

    /// The same with the reply's cookie, and with a body that may be no strict JSON.
    pub(super) fn look(&self, visitor: &Visitor) -> Result<Reply> {
        visitor.get(&self.url("/session"))?.expect(200).context("the demo's /session")
    }

    /// The front page, which counts the visit.
    pub(super) fn home(&self, visitor: &Visitor) -> Result<Home> {
        visitor.get(&self.url("/"))?.expect(200).context("the demo's /")?.json()
    }

    pub(super) fn add_to_basket(&self, visitor: &Visitor, item: &str) -> Result<Reply> {
        self.post(visitor, "/basket", &[("item", item)])
    }

    pub(super) fn login(&self, visitor: &Visitor, name: &str) -> Result<Reply> {
        self.post(visitor, "/login", &[("name", name)])
    }

    pub(super) fn logout(&self, visitor: &Visitor) -> Result<Reply> {
        self.post(visitor, "/logout", &[])
    }

    /// Sets a text field.
    pub(super) fn set(&self, visitor: &Visitor, name: &str, value: &str) -> Result<Reply> {
        self.post(visitor, "/session/field", &[("name", name), ("value", value)])
    }

    /// `set_expiry` with these seconds: empty for the default, 0 for the browser's end.
    pub(super) fn set_expiry(&self, visitor: &Visitor, seconds: &str) -> Result<Reply> {
        self.post(visitor, "/session/expiry", &[("seconds", seconds)])
    }

    pub(super) fn cycle(&self, visitor: &Visitor) -> Result<Reply> {
        self.post(visitor, "/session/cycle", &[])
    }

    fn post(&self, visitor: &Visitor, path: &str, form: &[(&str, &str)]) -> Result<Reply> {
        let reply = visitor.post(&self.url(path), form)?;
        reply.expect(303).with_context(|| format!("the demo's {path}"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.server.url)
    }
}
