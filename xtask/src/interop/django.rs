use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use super::configuration::Configuration;
use super::seen::{Seen, Stored};
use super::server::{self, Server};
use super::visitor::{Reply, Visitor};
use crate::{process, program};

/// Our Django project as one interpreter runs it.
#[derive(Clone)]
pub(super) struct Project {
    python: PathBuf,
    configuration: Configuration,
}

/// The project served.
pub(super) struct Django {
    server: Server,
}

const PASSWORD: &str = "correct horse battery staple";

/// How often a site is started again when its port was taken in the meantime.
const ATTEMPTS: usize = 3;

impl Project {
    pub(super) fn new(python: PathBuf, configuration: Configuration) -> Self {
        Self { python, configuration }
    }

    /// Makes Django's tables, and the site's user.
    pub(super) fn migrate(&self, options: &[&str]) -> Result<()> {
        self.manage(&[&["migrate", "--verbosity=0"], options].concat()).map(drop)
    }

    /// Runs one of Django's commands and returns what it printed.
    pub(super) fn manage(&self, arguments: &[&str]) -> Result<String> {
        let mut command = self.command(Command::new(&self.python));
        command.args(arguments).stdout(Stdio::piped());
        let (status, text) = process::output(&mut command)?;
        ensure!(status.success(), "manage.py {} failed: {status}\n{text}", arguments.join(" "));
        Ok(text)
    }

    /// All that is stored, in the order of expiry. A cache and a browser can tell nobody.
    pub(super) fn everything(&self) -> Result<Vec<Stored>> {
        self.stored(&[])
    }

    /// What is stored under each of these keys, where there is something.
    pub(super) fn stored(&self, keys: &[String]) -> Result<Vec<Stored>> {
        let keys = keys.iter().map(String::as_str);
        let arguments: Vec<&str> = ["listsessions", "--"].into_iter().chain(keys).collect();
        serde_json::from_str(&self.manage(&arguments)?)
            .context("listsessions printed something unexpected")
    }

    pub(super) fn serve(&self, log: &Path) -> Result<Django> {
        for _ in 0..ATTEMPTS {
            let url = format!("http://127.0.0.1:{}", server::free_port()?);
            let mut command = self.command(server::command(&self.python));
            command.args(["runserver", "--noreload", url.trim_start_matches("http://")]);
            // It says that it starts before it has the port: only an answer tells.
            let ready = |log: &str| {
                let starts = log.contains("development server at");
                (starts && Django::answers(&url)).then(|| url.clone())
            };
            match Server::start(command, log, ready) {
                Ok(server) => return Ok(Django { server }),
                Err(error) if error.to_string().contains("port is already in use") => {}
                Err(error) => return Err(error.context("could not serve the Django site")),
            }
        }
        bail!("the Django site found no free port in {ATTEMPTS} attempts");
    }

    fn command(&self, mut command: Command) -> Command {
        let Configuration { engine, keeping, database, secret, fallbacks, time_zone } =
            &self.configuration;
        command
            .arg("manage.py")
            .current_dir(program::root().join("tests/interop/site"))
            .env("INTEROP_DATABASE_URL", database)
            .env("INTEROP_ENGINE", engine.name())
            .env("INTEROP_SECRET_KEY", secret)
            .env("INTEROP_SECRET_KEY_FALLBACKS", Value::from(fallbacks.as_slice()).to_string())
            .env("INTEROP_PASSWORD", PASSWORD)
            .env("PYTHONUNBUFFERED", "1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("PYTHONPATH")
            .env_remove("INTEROP_CACHE_URL")
            .env_remove("INTEROP_FILE_PATH")
            .env_remove("INTEROP_TIME_ZONE")
            .envs(keeping.variables());
        if let Some(name) = time_zone {
            command.env("INTEROP_TIME_ZONE", name);
        }
        command
    }
}

impl Django {
    fn answers(url: &str) -> bool {
        let reply = Visitor::new().get(&format!("{url}/django/session"));
        reply.is_ok_and(|reply| reply.status == 200)
    }

    pub(super) fn seen(&self, visitor: &Visitor) -> Result<Seen> {
        self.look(visitor)?.json()
    }

    /// The same with the reply's cookie, and with a body that may be no strict JSON.
    pub(super) fn look(&self, visitor: &Visitor) -> Result<Reply> {
        visitor.get(&self.url("session"))?.expect(200).context("Django's /django/session")
    }

    pub(super) fn login(&self, visitor: &Visitor) -> Result<Seen> {
        self.post(visitor, "login", &[("user", "visitor"), ("password", PASSWORD)])?.json()
    }

    pub(super) fn logout(&self, visitor: &Visitor) -> Result<Reply> {
        self.post(visitor, "logout", &[])
    }

    pub(super) fn set(&self, visitor: &Visitor, name: &str, value: &Value) -> Result<Reply> {
        self.post(visitor, "set", &[("name", name), ("value", &value.to_string())])
    }

    pub(super) fn append(&self, visitor: &Visitor, name: &str, value: &Value) -> Result<Reply> {
        self.post(visitor, "append", &[("name", name), ("value", &value.to_string())])
    }

    /// Adds one to an integer field.
    pub(super) fn count(&self, visitor: &Visitor, name: &str) -> Result<Seen> {
        self.post(visitor, "count", &[("name", name)])?.json()
    }

    /// `set_expiry` with a value of this kind: `default`, `seconds`, `timedelta` or `datetime`.
    pub(super) fn set_expiry(&self, visitor: &Visitor, kind: &str, seconds: f64) -> Result<Reply> {
        self.post(visitor, "expiry", &[("kind", kind), ("seconds", &seconds.to_string())])
    }

    pub(super) fn cycle(&self, visitor: &Visitor) -> Result<Reply> {
        self.post(visitor, "cycle", &[])
    }

    /// What is stored under a key, whether it has expired or not.
    pub(super) fn stored(&self, key: &str) -> Result<Option<Stored>> {
        // Neither a key nor a signed cookie has a character that a URL minds.
        let url = format!("{}?key={key}", self.url("stored"));
        Visitor::new().get(&url)?.expect(200)?.json()
    }

    /// The same, of a session that must be there.
    pub(super) fn expect_stored(&self, visitor: &Visitor) -> Result<Stored> {
        self.stored(&visitor.expect_key()?)?.context("nothing is stored under the visitor's key")
    }

    /// A new session whose encoded data are `session_data` as they are.
    pub(super) fn plant_data(&self, session_data: &str) -> Result<Visitor> {
        self.plant(&[("session_data", session_data)])
    }

    /// A new session whose encoded data are a document's text, signed.
    pub(super) fn plant_document(&self, document: &str) -> Result<Visitor> {
        self.plant(&[("document", document)])
    }

    /// Moves the end, past the session's own idea of it.
    pub(super) fn move_expire_date(&self, key: &str, seconds: f64) -> Result<Stored> {
        let form = [("key", key), ("seconds", &seconds.to_string())];
        self.post(&Visitor::new(), "stored", &form)?.json()
    }

    fn plant(&self, form: &[(&str, &str)]) -> Result<Visitor> {
        let stored: Stored = self.post(&Visitor::new(), "stored", form)?.json()?;
        Ok(Visitor::with_key(&stored.session_key))
    }

    fn post(&self, visitor: &Visitor, path: &str, form: &[(&str, &str)]) -> Result<Reply> {
        let reply = visitor.post(&self.url(path), form)?;
        reply.expect(200).with_context(|| format!("Django's /django/{path}"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}/django/{path}", self.server.url)
    }
}
