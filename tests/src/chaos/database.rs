//! What only databases do: end connections, run out of them, keep rows locked, and choose who gives
//! way in a deadlock.

use std::time::Duration;

use anyhow::Result;
use lodger_backends::db::DbStore;
use lodger_core::AnyStore;
use sea_orm::{
    ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, Statement,
    TransactionTrait,
};

use super::backend::open;
use super::place;
use super::row::Tally;
use super::server::Server;
use super::stage::{Stage, hasty_site, site};
use super::traffic::{Traffic, recovery};
use crate::site::Site;

const VISITORS: usize = 8;
/// The deadline of a call to the store, where locks are held for longer.
const DEADLINE: Duration = Duration::from_millis(400);
/// No server has more connections, where they run out.
const MOST_CONNECTIONS: &str = "24";

/// An administrator ends all connections of the site.
///
/// # Errors
///
/// When the site does not come back.
pub async fn connections_ended(stage: &Stage) -> Result<Tally> {
    let server = Server::start(stage.backend, &[]).await?;
    let stranger = stranger(&server.url()).await?;
    let site = site(open(&server.url()).await?);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    for _ in 0..stage.times(100) {
        traffic.flows(20).await?;
        tokio::time::sleep(Duration::from_micros(dice.below(20_000))).await;
        tally.injections += end_others(&stranger).await?;
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// Ends all other connections to the database, and gives how many there were.
async fn end_others(db: &DatabaseConnection) -> Result<u64> {
    if db.get_database_backend() == DbBackend::Postgres {
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                   WHERE datname = current_database() AND pid <> pg_backend_pid()";
        return Ok(rows(db, end).await?.len() as u64);
    }
    let others = "SELECT id FROM information_schema.processlist \
                  WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    let mut ended = 0;
    for row in rows(db, others).await? {
        let id: i64 = row.try_get_by_index(0)?;
        // One that has ended by itself is no connection any more.
        ended += u64::from(db.execute_unprepared(&format!("KILL {id}")).await.is_ok());
    }
    Ok(ended)
}

/// Strangers take every connection that the server has.
///
/// # Errors
///
/// When the site does not come back.
pub async fn connections_exhausted(stage: &Stage) -> Result<Tally> {
    let most = match stage.backend {
        super::backend::Backend::Postgres => format!("--max_connections={MOST_CONNECTIONS}"),
        _ => format!("--max-connections={MOST_CONNECTIONS}"),
    };
    let server = Server::start(stage.backend, &[&most]).await?;
    let stranger = stranger(&server.url()).await?;
    let site = site(open(&server.url()).await?);
    let traffic = Traffic::start(&site, VISITORS, &stage.dice);
    // Not the site's database, since that is how its connections are told from these.
    let elsewhere = match stage.backend {
        super::backend::Backend::Postgres => in_place_of_database(&server.url(), "postgres"),
        _ => in_place_of_database(&server.url(), "information_schema"),
    };
    let mut tally = Tally::default();
    for _ in 0..stage.times(8) {
        traffic.flows(20).await?;
        let before = traffic.failed();
        let mut crowd = Vec::new();
        // What the site loses the strangers take, unless it is faster.
        for _ in 0..4 {
            while let Ok(one) = only_connection(&elsewhere).await {
                crowd.push(one);
            }
            end_others(&stranger).await?;
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
        tally.injections += u64::from(traffic.failed() > before);
        for one in crowd {
            one.close().await?;
        }
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// Strangers lock all rows for longer than the server lets anybody wait.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn rows_locked(stage: &Stage) -> Result<Tally> {
    // A second is the least that MariaDB has; the store waits for two.
    let patience = match stage.backend {
        super::backend::Backend::Postgres => "--lock_timeout=1000",
        _ => "--innodb-lock-wait-timeout=1",
    };
    let server = Server::start(stage.backend, &[patience]).await?;
    let site = site(open(&server.url()).await?);
    locked(stage, &site, &server.url(), FOR_UPDATE, Duration::from_millis(1500)).await
}

/// Strangers lock all rows for longer than the store waits.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn rows_locked_too_long(stage: &Stage) -> Result<Tally> {
    let server = Server::start(stage.backend, &[]).await?;
    let site = hasty_site(open(&server.url()).await?, DEADLINE);
    locked(stage, &site, &server.url(), FOR_UPDATE, DEADLINE * 2).await
}

/// Somebody writes to the SQLite file for longer than SQLite waits.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn busy(stage: &Stage) -> Result<Tally> {
    let folder = tempfile::tempdir()?;
    let url = place::make(stage.backend, folder.path()).await?;
    let mut options = ConnectOptions::new(&url);
    options.map_sqlx_sqlite_opts(|options| options.busy_timeout(DEADLINE / 4));
    options.sqlx_logging(false);
    let store = DbStore::new(Database::connect(options).await?);
    locked(stage, &site(AnyStore::new(store)), &url, NO_ROW, DEADLINE).await
}

/// Somebody writes to the SQLite file for longer than the store waits.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn busy_too_long(stage: &Stage) -> Result<Tally> {
    let folder = tempfile::tempdir()?;
    let url = place::make(stage.backend, folder.path()).await?;
    let site = hasty_site(open(&url).await?, DEADLINE);
    locked(stage, &site, &url, NO_ROW, DEADLINE * 2).await
}

const FOR_UPDATE: &str = "SELECT session_key FROM django_session FOR UPDATE";
/// Changes nothing, and takes the lock of the file.
pub(super) const NO_ROW: &str =
    "UPDATE django_session SET session_data = '' WHERE session_key = ''";

/// A transaction holds what a statement locks, up to so long.
pub(super) async fn locked(
    stage: &Stage,
    site: &Site<AnyStore>,
    url: &str,
    lock: &str,
    longest: Duration,
) -> Result<Tally> {
    let stranger = stranger(url).await?;
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(site, VISITORS, &dice);
    let mut tally = Tally::default();
    for _ in 0..stage.times(12) {
        traffic.flows(20).await?;
        let before = traffic.failed();
        let transaction = stranger.begin().await?;
        // Locked or not: who waits for us may have the lock that we wait for.
        let _ = transaction.execute_unprepared(lock).await;
        tokio::time::sleep(longest / 2 + longest.mul_f64(dice.below(500) as f64 / 1000.0)).await;
        let _ = transaction.commit().await;
        tally.injections += u64::from(traffic.failed() > before);
        tally.recovered_in(recovery(site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// A stranger has the index and wants the rows, whereas a save has its row and wants the index; the
/// stranger has written more, so it is the save that is undone.
///
/// # Errors
///
/// When saves are not acknowledged.
pub async fn deadlock(stage: &Stage) -> Result<Tally> {
    const INDEX: &str = "django_session FORCE INDEX (django_session_expire_date_a5c62663) \
                         WHERE expire_date > '2000-01-01'";
    let server = Server::start(stage.backend, &[]).await?;
    let stranger = stranger(&server.url()).await?;
    stranger.execute_unprepared("CREATE TABLE strangers (id INT PRIMARY KEY)").await?;
    let site = site(open(&server.url()).await?);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let (mut tally, mut own) = (Tally::default(), 0);
    let before = deadlocks(&stranger).await?;
    for _ in 0..stage.times(100) {
        traffic.flows(5).await?;
        let transaction = stranger.begin().await?;
        let wrote = "INSERT INTO strangers SELECT seq FROM seq_1_to_200";
        transaction.execute_unprepared(wrote).await?;
        let index = format!("SELECT expire_date, session_key FROM {INDEX} LOCK IN SHARE MODE");
        let rows = format!("SELECT session_data FROM {INDEX} FOR UPDATE");
        let mut undone = transaction.execute_unprepared(&index).await.is_err();
        tokio::time::sleep(Duration::from_millis(5 + dice.below(20))).await;
        undone = undone || transaction.execute_unprepared(&rows).await.is_err();
        own += u64::from(undone);
        transaction.rollback().await?;
    }
    traffic.flows(20).await?;
    tally.injections = (deadlocks(&stranger).await? - before).saturating_sub(own);
    tally += traffic.close().await?;
    Ok(tally)
}

/// How many deadlocks the server has undone.
async fn deadlocks(db: &DatabaseConnection) -> Result<u64> {
    let count = "SELECT CAST(variable_value AS UNSIGNED) FROM information_schema.global_status \
                 WHERE variable_name = 'INNODB_DEADLOCKS'";
    Ok(rows(db, count).await?.first().map_or(Ok(0), |row| row.try_get_by_index(0))?)
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Result<Vec<sea_orm::QueryResult>> {
    Ok(db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await?)
}

/// Whoever else uses a database, by one connection.
async fn stranger(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    options.sqlx_logging(false).max_connections(1).test_before_acquire(false);
    Ok(Database::connect(options).await?)
}

/// The same, if there is one within a moment.
async fn only_connection(url: &str) -> Result<DatabaseConnection> {
    let mut options = ConnectOptions::new(url);
    let moment = Duration::from_millis(100);
    options.sqlx_logging(false).max_connections(1).acquire_timeout(moment).connect_timeout(moment);
    Ok(Database::connect(options).await?)
}

fn in_place_of_database(url: &str, name: &str) -> String {
    url.rsplit_once('/').map_or_else(|| url.to_owned(), |(server, _)| format!("{server}/{name}"))
}
