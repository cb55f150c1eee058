use std::cell::Cell;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::services::{Kind as Server, Services};
use crate::{process, program};

/// A kind of database that both sites can share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
    Mariadb,
}

impl Kind {
    pub(super) const ALL: [Self; 3] = [Self::Sqlite, Self::Postgres, Self::Mariadb];

    /// The server that it needs.
    pub(super) fn server(self) -> Option<Server> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some(Server::Postgres),
            Self::Mariadb => Some(Server::Mariadb),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.server().map_or("SQLite", Server::name))
    }
}

/// Makes empty databases of one kind, each under a name of its own.
pub(super) struct Databases {
    root: Root,
    python: PathBuf,
    prefix: String,
    made: Cell<usize>,
}

enum Root {
    /// SQLite: the folder for the files.
    Folder(PathBuf),
    /// The superuser's URL without the database's name.
    Server(String),
}

impl Databases {
    /// `python` has the drivers; `prefix` tells this maker's databases from others' on the server.
    pub(super) fn new(
        kind: Kind,
        services: &Services,
        folder: &Path,
        python: &Path,
        prefix: String,
    ) -> Result<Self> {
        let root = match kind.server() {
            None => Root::Folder(folder.to_owned()),
            Some(server) => {
                let url = services.url(server)?;
                let (root, _) = url.rsplit_once('/').context("a URL without a database's name")?;
                Root::Server(root.to_owned())
            }
        };
        Ok(Self { root, python: python.to_owned(), prefix, made: Cell::new(0) })
    }

    /// The URL of a new and empty database.
    pub(super) fn create(&self) -> Result<String> {
        let url = self.unused();
        self.script(&["create", &url])?;
        Ok(url)
    }

    /// The URL of a copy. Nobody may be connected to the original.
    pub(super) fn copy(&self, original: &str) -> Result<String> {
        let url = self.unused();
        self.script(&["copy", original, &url])?;
        Ok(url)
    }

    fn unused(&self) -> String {
        self.made.set(self.made.get() + 1);
        let name = format!("{}_{}", self.prefix, self.made.get());
        match &self.root {
            Root::Folder(folder) => {
                let file = folder.join(format!("{name}.sqlite3"));
                format!("sqlite://{}?mode=rwc", file.display())
            }
            Root::Server(root) => format!("{root}/{name}"),
        }
    }

    fn script(&self, arguments: &[&str]) -> Result<()> {
        let mut command = Command::new(&self.python);
        command.arg(program::root().join("tests/interop/database.py")).args(arguments);
        let status = process::run(&mut command)?;
        ensure!(status.success(), "could not {} a database: {status}", arguments[0]);
        Ok(())
    }
}
