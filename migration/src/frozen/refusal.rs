//! Why a database refused a statement.

use sea_orm_migration::{
    DbErr,
    sea_orm::{RuntimeErr, SqlxError, SqlxMySqlError},
};

/// Whether a table or an index could not be made because there is one of its name.
pub(super) fn is_there_already(error: &DbErr) -> bool {
    let Some(error) = refusal(error).and_then(SqlxError::as_database_error) else { return false };
    match error.try_downcast_ref::<SqlxMySqlError>() {
        // A table, and an index of a table.
        Some(error) => [1050, 1061].contains(&error.number()),
        None => error.message().ends_with("already exists"),
    }
}

/// Whether MySQL or MariaDB found no column of a name.
pub(super) fn is_unknown_column(error: &DbErr) -> bool {
    refusal(error)
        .and_then(SqlxError::as_database_error)
        .and_then(|error| error.try_downcast_ref::<SqlxMySqlError>())
        .is_some_and(|error| error.number() == 1054)
}

fn refusal(error: &DbErr) -> Option<&SqlxError> {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            Some(error)
        }
        _ => None,
    }
}
