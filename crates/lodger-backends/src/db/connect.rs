//! A connection made for sessions.

use std::time::Duration;

use lodger_core::StoreError;
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DbBackend};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;

use super::failure::unreachable;
use super::given_up::{GivenUp, Watched};
use super::pool;

/// Connections to a SQLite file: readers go on while one of them writes.
const SQLITE_CONNECTIONS: u32 = 4;

/// Connects without a ping before each query, and without logging statements, which would show keys.
pub(super) async fn connect(url: &str) -> Result<Watched, StoreError> {
    let given_up = GivenUp::default();
    let mut options = ConnectOptions::new(url);
    options
        .sqlx_logging(false)
        // A server that was restarted is noticed before a visitor meets the broken connection.
        .test_before_acquire_if_idle_for(Duration::from_secs(10))
        // A request that waits longer is better told so than kept waiting.
        .acquire_timeout(Duration::from_secs(1));
    if url.starts_with("sqlite:") && !url.contains("memory") {
        options.max_connections(SQLITE_CONNECTIONS);
    }
    pool::watch(&mut options, &given_up);
    // The driver's spans hold the URL with its password.
    let connecting = Database::connect(options).with_subscriber(NoSubscriber::new());
    let db = connecting.await.map_err(|error| unreachable(&error))?;
    if db.get_database_backend() == DbBackend::Sqlite {
        let wal = db.execute_unprepared("PRAGMA journal_mode = WAL").await;
        wal.map_err(|error| unreachable(&error))?;
    }
    Ok(Watched::new(db, given_up))
}
