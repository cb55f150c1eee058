use std::cell::{Cell, RefCell};
use std::fs;
use std::path::PathBuf;

use anyhow::Result;
use tempfile::TempDir;

use super::configuration::Configuration;
use super::database::Databases;
use super::demo::{Demo, Program};
use super::django::{Django, Project};
use super::engine::{Backend, Engine};
use super::keeping::{Cache, Keeping};
use super::pair::Pair;
use super::server;
use super::venv::Venv;
use crate::services::Services;

/// One Django release with one engine: what scenarios take their sites from.
pub(super) struct Stage {
    pub(super) databases: Databases,
    pub(super) program: Program,
    pub(super) engine: Engine,
    /// The URL of the cache server, where one is needed.
    cache: String,
    folders: Cell<usize>,
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

    /// The end of a sentence.
    pub(super) fn as_maker(self) -> &'static str {
        match self {
            Self::Django => ", where Django makes the table",
            Self::Lodger => ", where Lodger makes the table",
        }
    }
}

impl Stage {
    /// `first` makes the first table; after that they take turns.
    pub(super) fn new(
        venv: &Venv,
        backend: Backend,
        services: &Services,
        program: &Program,
        first: First,
    ) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("lodger-interop-").tempdir()?;
        let release = venv.django.replace('.', "_");
        let prefix = format!("interop_{}_{release}", backend.engine.name());
        Ok(Self {
            databases: Databases::new(
                backend.database,
                services,
                folder.path(),
                &venv.python,
                prefix,
            )?,
            program: program.clone(),
            engine: backend.engine,
            cache: match backend.engine.cache() {
                Some(server) => services.url(server)?,
                None => String::new(),
            },
            folders: Cell::new(0),
            python: venv.python.clone(),
            next: Cell::new(first),
            logs: RefCell::default(),
            folder,
        })
    }

    /// What sites are told that begin with nothing: neither tables nor sessions.
    pub(super) fn empty(&self) -> Result<Configuration> {
        let keeping = match self.engine {
            Engine::Db => Keeping::Table,
            Engine::CacheRedis => Keeping::Cache(self.cache("", 1)),
            // As a site does that shares its cache server with others.
            Engine::CacheMemcached => Keeping::Cache(self.cache("site1", 7)),
            Engine::CachedDb => Keeping::CachedTable(self.cache("site2", 1)),
            Engine::File => Keeping::Folder(self.empty_folder()?),
            Engine::SignedCookies => Keeping::Cookie,
        };
        Ok(Configuration::new(self.engine, keeping, self.databases.create()?))
    }

    /// A folder of its own.
    pub(super) fn empty_folder(&self) -> Result<PathBuf> {
        self.folders.set(self.folders.get() + 1);
        let folder = self.folder.path().join(format!("sessions-{}", self.folders.get()));
        fs::create_dir(&folder)?;
        Ok(folder)
    }

    fn cache(&self, key_prefix: &'static str, version: u32) -> Cache {
        Cache { server: self.cache.clone(), key_prefix, version }
    }

    /// Both sites with nothing stored; the table, if there is one, one of them has made.
    pub(super) fn fresh(
        &self,
        configure: impl FnOnce(Configuration) -> Configuration,
    ) -> Result<Pair> {
        let configuration = configure(self.empty()?);
        let first = self.next.replace(self.next.get().other());
        let project = self.project(&configuration);
        match first {
            _ if !self.engine.has_table() => {
                project.migrate(&[])?;
                self.serve(&configuration)
            }
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

    /// Both sites on a store that has its tables.
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
