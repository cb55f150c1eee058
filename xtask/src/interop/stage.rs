use std::cell::{Cell, RefCell};
use std::fmt;
use std::path::PathBuf;

use anyhow::Result;
use tempfile::TempDir;

use super::configuration::Configuration;
use super::database::{Databases, Kind};
use super::demo::{Demo, Program};
use super::django::{Django, Project};
use super::pair::Pair;
use super::server;
use super::venv::Venv;
use crate::services::Services;

/// One Django release and one database: what scenarios take their sites from.
pub(super) struct Stage {
    pub(super) databases: Databases,
    pub(super) program: Program,
    python: PathBuf,
    next: Cell<First>,
    logs: RefCell<Vec<PathBuf>>,
    folder: TempDir,
}

/// Who makes the table.
#[derive(Clone, Copy, Debug)]
pub(super) enum First {
    Django,
    Lodger,
}

impl First {
    pub(super) fn other(self) -> Self {
        match self {
            Self::Django => Self::Lodger,
            Self::Lodger => Self::Django,
        }
    }
}

impl fmt::Display for First {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Django => "Django",
            Self::Lodger => "Lodger",
        })
    }
}

impl Stage {
    /// `first` makes the first table; after that they take turns.
    pub(super) fn new(
        venv: &Venv,
        kind: Kind,
        services: &Services,
        program: &Program,
        first: First,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("lodger-interop-").tempdir()?;
        let prefix = format!("interop_{}", venv.django.replace('.', "_"));
        Ok(Self {
            databases: Databases::new(kind, services, folder.path(), &venv.python, prefix)?,
            program: program.clone(),
            python: venv.python.clone(),
            next: Cell::new(first),
            logs: RefCell::default(),
            folder,
        })
    }

    /// Both sites on an empty database of their own, whose table one of them has made.
    pub(super) fn fresh(
        &self,
        configure: impl FnOnce(Configuration) -> Configuration,
    ) -> Result<Pair> {
        let configuration = configure(Configuration::new(self.databases.create()?));
        let first = self.next.replace(self.next.get().other());
        let project = self.project(&configuration);
        match first {
            First::Django => {
                project.migrate(&[])?;
                self.serve(&configuration)
            }
            First::Lodger => {
                let demo = self.serve_demo(&configuration)?;
                project.migrate(&["--fake-initial"])?;
                let django = self.serve_django(&project)?;
                Ok(Pair { django, demo, project, configuration })
            }
        }
    }

    /// Both sites on a database that has its tables.
    pub(super) fn serve(&self, configuration: &Configuration) -> Result<Pair> {
        let project = self.project(configuration);
        Ok(Pair {
            django: self.serve_django(&project)?,
            demo: self.serve_demo(configuration)?,
            project,
            configuration: configuration.clone(),
        })
    }

    pub(super) fn project(&self, configuration: &Configuration) -> Project {
        Project::new(self.python.clone(), configuration.clone())
    }

    pub(super) fn serve_django(&self, project: &Project) -> Result<Django> {
        project.serve(&self.log("django"))
    }

    pub(super) fn serve_demo(&self, configuration: &Configuration) -> Result<Demo> {
        self.program.serve(configuration, &self.log("lodger-demo"))
    }

    /// How many sites were started so far.
    pub(super) fn started(&self) -> usize {
        self.logs.borrow().len()
    }

    /// The ends of the logs of the two shared sites, which are the first ones, and of those started
    /// since.
    pub(super) fn log_tails(&self, since: usize) -> String {
        let logs = self.logs.borrow();
        let shared = logs.iter().take(2.min(since));
        let tails: Vec<String> =
            shared.chain(logs.iter().skip(since)).map(|log| server::log_tail(log)).collect();
        tails.join("\n")
    }

    fn log(&self, name: &str) -> PathBuf {
        let mut logs = self.logs.borrow_mut();
        let log = self.folder.path().join(format!("{}-{name}.log", logs.len() + 1));
        logs.push(log.clone());
        log
    }
}
