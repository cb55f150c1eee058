//! One database, made for one test.

use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::{Context, Result};
use lodger_backends::db::DbStore;
use lodger_entity::{SessionModel, schema};
use lodger_migration::{Migrator, MigratorTrait};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use tempfile::TempDir;

use super::{Backend, port_of};
use crate::report::skip;

/// How many connections a test may have.
const CONNECTIONS: u32 = 8;

/// A database with the migrated table `django_session` and with `lodger_accountsession`.
pub struct OwnDatabase {
    url: String,
    db: DatabaseConnection,
    place: Place,
}

enum Place {
    Folder(TempDir),
    Server { url: String, name: String },
}

impl OwnDatabase {
    /// Makes a database; `None`, and the test is noted as skipped, if its server is not there.
    ///
    /// # Panics
    ///
    /// When the server is there and the database cannot be made.
    pub async fn create(backend: Backend) -> Option<Self> {
        let made = match backend.variable() {
            None => Self::in_folder().await,
            Some(variable) => match std::env::var(variable) {
                Ok(server) => Self::on_server(&server).await,
                Err(_) => {
                    skip(&format!("{variable} names no server"));
                    return None;
                }
            },
        };
        let database = made.expect("a database for the test can be made");
        database.make_tables().await.expect("the tables can be made");
        Some(database)
    }

    /// Makes one on the server that a URL names.
    ///
    /// # Errors
    ///
    /// When that cannot be done.
    pub async fn create_on(server: &str) -> Result<Self> {
        let database = Self::on_server(server).await?;
        database.make_tables().await?;
        Ok(database)
    }

    async fn in_folder() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let path = folder.path().join("sessions.sqlite3");
        let url = format!("sqlite://{}?mode=rwc", path.display());
        Ok(Self { db: connect(&url).await?, url, place: Place::Folder(folder) })
    }

    async fn on_server(server: &str) -> Result<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("lodger_test_{}_{number}", std::process::id());
        let (root, _) = server.rsplit_once('/').context("the URL of a server names a database")?;
        let charset = if server.starts_with("mysql") { " CHARACTER SET utf8mb4" } else { "" };
        let admin = connect(server).await?;
        admin.execute_unprepared(&format!("CREATE DATABASE {name}{charset}")).await?;
        admin.close().await?;
        let url = format!("{root}/{name}");
        let place = Place::Server { url: server.to_owned(), name };
        Ok(Self { db: connect(&url).await?, url, place })
    }

    async fn make_tables(&self) -> Result<()> {
        Migrator::up(&self.db, None).await?;
        let backend = self.db.get_database_backend();
        let account = schema::create_table::<lodger_entity::account_session::Entity>(backend)?;
        for statement in account {
            self.db.execute_unprepared(&statement).await?;
        }
        Ok(())
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The port of its server.
    ///
    /// # Panics
    ///
    /// When it needs no server.
    #[must_use]
    pub fn port(&self) -> u16 {
        port_of(&self.url)
    }

    /// Several connections to it.
    #[must_use]
    pub fn connection(&self) -> &DatabaseConnection {
        &self.db
    }

    /// A store in the table of a model.
    #[must_use]
    pub fn store<M: SessionModel>(&self) -> DbStore<M> {
        DbStore::for_model(self.db.clone())
    }

    /// Drops the database.
    ///
    /// # Panics
    ///
    /// When it cannot be dropped, since it would be left behind.
    pub async fn close(self) {
        // Some clone may still hold connections: the drop below does not wait for them.
        let _ = self.db.close().await;
        let dropped = async {
            match self.place {
                Place::Folder(folder) => folder.close()?,
                Place::Server { url, name } => {
                    let force = if url.starts_with("postgres") { " WITH (FORCE)" } else { "" };
                    let admin = connect(&url).await?;
                    admin.execute_unprepared(&format!("DROP DATABASE {name}{force}")).await?;
                    admin.close().await?;
                }
            }
            anyhow::Ok(())
        };
        dropped.await.expect("the database of the test can be dropped");
    }
}

/// Connects as [`DbStore::connect`] does, to a bounded number of connections.
pub(crate) async fn connect(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.test_before_acquire(false).sqlx_logging(false).max_connections(CONNECTIONS);
    let db = Database::connect(options).await?;
    if url.starts_with("sqlite") {
        db.execute_unprepared("PRAGMA journal_mode = WAL").await?;
    }
    Ok(db)
}
