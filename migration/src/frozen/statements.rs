//! Literal SQL for the three databases.

use sea_orm_migration::{
    DbErr, SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend},
};

use super::presence::has_column;

/// What is to be executed, in order, on each database.
#[derive(Clone, Copy, Debug)]
pub struct Statements {
    /// SQLite.
    pub sqlite: &'static [&'static str],
    /// PostgreSQL.
    pub postgres: &'static [&'static str],
    /// MySQL and MariaDB.
    pub mysql: &'static [&'static str],
}

impl Statements {
    pub(super) async fn execute(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let statements = match manager.get_database_backend() {
            DbBackend::Sqlite => self.sqlite,
            DbBackend::Postgres => self.postgres,
            DbBackend::MySql => self.mysql,
            other => {
                return Err(DbErr::BackendNotSupported {
                    db: other.as_str(),
                    ctx: "the migrations of Lodger",
                });
            }
        };
        for statement in statements {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }
}

/// Refuses a table that lacks a column.
pub(super) async fn require_columns(
    manager: &SchemaManager<'_>,
    table: &str,
    columns: &[&str],
) -> Result<(), DbErr> {
    for column in columns {
        if !has_column(manager, table, column).await? {
            return Err(DbErr::Migration(format!(
                "the table {table} exists, was not made by Lodger and lacks the column {column}: \
                 add the column, or rename the table, and migrate again"
            )));
        }
    }
    Ok(())
}
