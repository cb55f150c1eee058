//! Whether a table is there, and its columns.
//!
//! SeaORM's own questions on PostgreSQL are about the current schema alone, the first of the search
//! path, while a table that is named without its schema, by Django or by us, is looked for along the
//! whole path. So what is asked on PostgreSQL is what such a name stands for.

use sea_orm_migration::{
    DbErr, SchemaManager,
    sea_orm::{ConnectionTrait, DbBackend, Statement, Value},
    sea_query::{Alias, Query},
};

use super::refusal::is_unknown_column;

const POSTGRES_TABLE: &str = "SELECT 1 FROM pg_catalog.pg_class \
     WHERE oid = to_regclass(quote_ident($1)) AND relkind IN ('r', 'p', 'v', 'm', 'f')";

const POSTGRES_COLUMN: &str = "SELECT 1 FROM pg_catalog.pg_attribute \
     WHERE attrelid = to_regclass(quote_ident($1)) AND attname = $2 \
     AND attnum > 0 AND NOT attisdropped";

/// Whether the table's name, without a schema, stands for a table.
pub(crate) async fn has_table(manager: &SchemaManager<'_>, table: &str) -> Result<bool, DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => finds(manager, POSTGRES_TABLE, &[table]).await,
        _ => manager.has_table(table).await,
    }
}

/// Whether the table that the name stands for has the column.
pub(super) async fn has_column(
    manager: &SchemaManager<'_>,
    table: &str,
    column: &str,
) -> Result<bool, DbErr> {
    match manager.get_database_backend() {
        DbBackend::Postgres => finds(manager, POSTGRES_COLUMN, &[table, column]).await,
        DbBackend::MySql => can_read(manager, table, column).await,
        _ => manager.has_column(table, column).await,
    }
}

/// Whether the table is there, but further down the search path than where tables are made.
pub(crate) async fn is_elsewhere(manager: &SchemaManager<'_>, table: &str) -> Result<bool, DbErr> {
    Ok(has_table(manager, table).await? && !manager.has_table(table).await?)
}

/// Whether the column can be named in a query, which waits for a definition that is under way.
///
/// The information schema does not wait: while another process makes an index, the table has no
/// columns there.
async fn can_read(manager: &SchemaManager<'_>, table: &str, column: &str) -> Result<bool, DbErr> {
    let select = Query::select().column(Alias::new(column)).from(Alias::new(table)).limit(0).take();
    match manager.get_connection().query_all(&select).await {
        Ok(_) => Ok(true),
        Err(error) if is_unknown_column(&error) => Ok(false),
        Err(error) => Err(error),
    }
}

async fn finds(manager: &SchemaManager<'_>, sql: &str, names: &[&str]) -> Result<bool, DbErr> {
    let values = names.iter().map(|name| Value::from(*name));
    let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, values);
    Ok(manager.get_connection().query_one_raw(statement).await?.is_some())
}
