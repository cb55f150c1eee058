//! An empty database for each test: SQLite always, a server's where its address is given.

use std::{
    future::Future,
    io::Write as _,
    sync::atomic::{AtomicU32, Ordering},
};

use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseConnection};

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A server that tests can be run on.
pub(crate) struct Server {
    variable: &'static str,
    /// What follows the name in `CREATE DATABASE`.
    options: &'static str,
}

pub(crate) const POSTGRES: Server = Server { variable: "LODGER_POSTGRES_URL", options: "" };

pub(crate) const MARIADB: Server = Server {
    variable: "LODGER_MARIADB_URL",
    // As on the server on which Django's definitions were recorded.
    options: " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci",
};

/// Runs a case on an empty SQLite file.
pub(crate) async fn on_sqlite<F: Future<Output = ()>>(case: impl FnOnce(DatabaseConnection) -> F) {
    at_sqlite(async |url| case(Database::connect(url).await.unwrap()).await).await;
}

/// Runs a case that connects by itself with the address of an empty SQLite file.
pub(crate) async fn at_sqlite(case: impl AsyncFnOnce(String)) {
    let folder = tempfile::tempdir().unwrap();
    case(format!("sqlite://{}?mode=rwc", folder.path().join("lodger.sqlite3").display())).await;
}

/// Runs a case on an empty database of a server, or notes that there is none.
pub(crate) async fn on_server<F: Future<Output = ()>>(
    server: &Server,
    test: &str,
    case: impl FnOnce(DatabaseConnection) -> F,
) {
    at_server(server, test, async |url| {
        let db = Database::connect(url).await.unwrap();
        case(db.clone()).await;
        db.close().await.unwrap();
    })
    .await;
}

/// Runs a case that connects by itself, and closes what it opened, on a server.
pub(crate) async fn at_server(server: &Server, test: &str, case: impl AsyncFnOnce(String)) {
    let Ok(url) = std::env::var(server.variable) else {
        return skip(test, &format!("{} is not set", server.variable));
    };
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let name = format!("lodger_migration_{}_{number}", std::process::id());
    let admin = Database::connect(&url).await.unwrap();
    let create = format!("CREATE DATABASE {name}{}", server.options);
    admin.execute_unprepared(&create).await.unwrap();
    case(with_database(&url, &name)).await;
    admin.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
}

/// The server's address with another database's name.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) =
        url.split_once('?').map_or((url, ""), |(address, query)| (address, query));
    let scheme = address.find("://").unwrap() + 3;
    let end = address[scheme..].find('/').map_or(address.len(), |slash| scheme + slash);
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    format!("{}/{name}{query}", &address[..end])
}

#[expect(clippy::print_stderr, reason = "who runs the tests should see what was not run")]
fn skip(test: &str, reason: &str) {
    // The binary's own name is no part of a test's.
    let test = test.trim_start_matches("it::");
    eprintln!("skipped {test}: {reason}");
    if let Ok(path) = std::env::var("LODGER_SKIPS") {
        let mut file = std::fs::OpenOptions::new().append(true).create(true).open(path).unwrap();
        // One write, so that tests that run at once do not mix their lines.
        file.write_all(format!("{test}: {reason}\n").as_bytes()).unwrap();
    }
}

/// Runs each case on the three databases, under the database's name.
macro_rules! on_every_database {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                crate::database::on_sqlite(super::$case).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $case() {
                let test = concat!(module_path!(), "::", stringify!($case));
                crate::database::on_server(&crate::database::POSTGRES, test, super::$case).await;
            })*
        }

        mod mariadb {
            $(#[tokio::test]
            async fn $case() {
                let test = concat!(module_path!(), "::", stringify!($case));
                crate::database::on_server(&crate::database::MARIADB, test, super::$case).await;
            })*
        }
    };
}

pub(crate) use on_every_database;
