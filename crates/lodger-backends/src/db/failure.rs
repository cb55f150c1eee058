//! What a database's error means for a session.
//!
//! A driver's own words may quote the key or the data ("Duplicate entry …"), so none of them is passed
//! on where the server wrote them; its code is.

use lodger_core::StoreError;
use sea_orm::sqlx::Error as SqlxError;
use sea_orm::sqlx::error::DatabaseError;
use sea_orm::{DbErr, RuntimeErr};

/// What was asked of the database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Asked {
    /// To tell something: without a reply, surely nothing was changed.
    Read,
    /// To change something: without a reply, it may have been.
    Write,
}

/// The failure of a statement on `table`.
pub(super) fn failure(error: &DbErr, table: &str, asked: Asked) -> StoreError {
    let unexpected = || format!("the rows of table {table} are not as expected");
    let reason = match of_sqlx(error) {
        Some(SqlxError::Database(error)) => return refusal(&**error, table, asked),
        Some(SqlxError::PoolTimedOut) => {
            return StoreError::unavailable("no free connection to the database");
        }
        Some(SqlxError::PoolClosed) => {
            return StoreError::unavailable("the database connection was closed");
        }
        Some(SqlxError::Io(error)) => format!("the database connection broke: {}", error.kind()),
        Some(
            SqlxError::ColumnDecode { .. } | SqlxError::ColumnNotFound(_) | SqlxError::Decode(_),
        ) => unexpected(),
        Some(_) => "the database connection broke".to_owned(),
        None if matches!(error, DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => {
            return StoreError::unavailable("no connection to the database");
        }
        None => unexpected(),
    };
    match asked {
        Asked::Read => StoreError::unavailable(reason),
        Asked::Write => StoreError::unknown(reason),
    }
}

/// Why no connection was made; without the URL, which may hold a password.
pub(super) fn unreachable(error: &DbErr) -> StoreError {
    let why = match error {
        DbErr::Conn(RuntimeErr::SqlxError(error)) => match &**error {
            SqlxError::Database(error) => {
                format!("it refused with code {:?}", error.code().unwrap_or_default())
            }
            SqlxError::Io(error) => error.kind().to_string(),
            SqlxError::Configuration(_) => "the URL cannot be read".to_owned(),
            _ => "the connection broke".to_owned(),
        },
        DbErr::ConnectionAcquire(_) => "no answer in time".to_owned(),
        _ => "the URL names no database that this program was built for".to_owned(),
    };
    StoreError::unavailable(format!("the database cannot be reached: {why}"))
}

/// Whether a statement was undone because another one was faster: a race, and no failure. That is a
/// serialization failure of a stricter isolation level than the usual one, or a deadlock.
pub(super) fn is_lost_race(error: &DbErr) -> bool {
    matches!(of_sqlx(error), Some(SqlxError::Database(error))
        if matches!(error.code().as_deref(), Some("40001" | "40P01")))
}

/// Whether the connection broke, as it does for each that was open when a server is restarted.
pub(super) fn is_broken(error: &DbErr) -> bool {
    matches!(of_sqlx(error), Some(SqlxError::Io(_)))
}

fn of_sqlx(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            Some(error)
        }
        _ => None,
    }
}

/// An error that the database itself reports, having applied nothing, with few exceptions.
fn refusal(error: &dyn DatabaseError, table: &str, asked: Asked) -> StoreError {
    let code = error.code().unwrap_or_default();
    // SQLite has one code for every fault in a statement, and tells them apart in words of its own.
    let says = |words: &str| code == "1" && error.message().contains(words);
    if matches!(&*code, "42P01" | "42S02") || says("no such table") {
        return StoreError::unavailable(format!(
            "the table {table} does not exist; create it with: \
             sea-orm-cli migrate up -d migration -u <database URL>"
        ));
    }
    if matches!(&*code, "42703" | "42S22") || says("no such column") || says("has no column named")
    {
        return StoreError::unavailable(format!(
            "the table {table} lacks a column of the session model"
        ));
    }
    let reason = format!("the database refused the statement with code {code:?}");
    // Whether it was applied the server cannot tell either: PostgreSQL's 08007 and 40003, and SQLite's
    // extended codes of SQLITE_IOERR (10).
    let io_error = code.parse::<u32>().is_ok_and(|code| code & 0xFF == 10);
    if asked == Asked::Write && (matches!(&*code, "08007" | "40003") || io_error) {
        return StoreError::unknown(reason);
    }
    StoreError::unavailable(reason)
}
