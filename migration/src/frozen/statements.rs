//! Literal SQL for the three databases.

use sea_orm_migration::{
    DbErr, SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend},
};

use super::{presence::has_column, refusal::is_there_already};

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
        for statement in self.of(manager.get_database_backend())? {
            manager.get_connection().execute_unprepared(statement).await?;
        }
        Ok(())
    }

    /// Executes what an earlier call that was cut short did not: what is there already is passed.
    pub(super) async fn complete(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for statement in self.of(manager.get_database_backend())? {
            match manager.get_connection().execute_unprepared(statement).await {
                Err(error) if !is_there_already(&error) => return Err(error),
                _ => {}
            }
        }
        Ok(())
    }

    fn of(&self, backend: DbBackend) -> Result<&'static [&'static str], DbErr> {
        match backend {
            DbBackend::Sqlite => Ok(self.sqlite),
            DbBackend::Postgres => Ok(self.postgres),
            DbBackend::MySql => Ok(self.mysql),
            other => Err(DbErr::BackendNotSupported {
                db: other.as_str(),
                ctx: "the migrations of Lodger",
            }),
        }
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
                "the table {table} exists and lacks the column {column}: \
                 add the column, or rename the table, and migrate again"
            )));
        }
    }
    Ok(())
}
