//! What Lodger made in this database: the table `lodger_made`.
//!
//! Nothing in a database says who made a table, and Django's bookkeeping may come later than ours,
//! or be written by us; so what is ours to drop is noted.
//!
//! On PostgreSQL the notes of a schema are about its own tables. They stand where the tables are
//! made, in the current schema, and are looked for there alone: the notes of a schema further down
//! the search path may be about other tables of the same names.

use sea_orm_migration::{
    DbErr, SchemaManager,
    sea_orm::ConnectionTrait,
    sea_query::{Alias, ColumnDef, Expr, ExprTrait, Query, Table},
};

use crate::frozen::is_elsewhere;

const TABLE: &str = "lodger_made";
const ITEM: &str = "item";

/// A thing that Lodger made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    Table(&'static str),
    /// A table that is being made, or was when a process that made it was killed.
    Unfinished(&'static str),
    /// Django's row for its sessions, in `django_migrations`.
    DjangoRow,
}

impl Made {
    fn item(self) -> String {
        match self {
            Self::Table(name) => format!("table {name}"),
            Self::Unfinished(name) => format!("unfinished table {name}"),
            Self::DjangoRow => "row sessions.0001_initial".to_owned(),
        }
    }
}

/// Whether it is noted that Lodger made the thing.
pub(crate) async fn is_noted(manager: &SchemaManager<'_>, made: Made) -> Result<bool, DbErr> {
    if !manager.has_table(TABLE).await? {
        return Ok(false);
    }
    if let Made::Table(table) | Made::Unfinished(table) = made
        && is_elsewhere(manager, table).await?
    {
        return Ok(false);
    }
    let select = Query::select()
        .column(Alias::new(ITEM))
        .from(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new(ITEM)).eq(made.item()))
        .take();
    Ok(manager.get_connection().query_one(&select).await?.is_some())
}

/// Notes that Lodger made the thing.
pub(crate) async fn note(manager: &SchemaManager<'_>, made: Made) -> Result<(), DbErr> {
    if is_noted(manager, made).await? {
        return Ok(());
    }
    prepare(manager).await?;
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns([Alias::new(ITEM)])
        .values_panic([made.item().into()])
        .take();
    manager.get_connection().execute(&insert).await?;
    Ok(())
}

/// Makes the table of notes; on MySQL that ends a transaction, unless the table is there.
pub(crate) async fn prepare(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if manager.has_table(TABLE).await? {
        return Ok(());
    }
    let mut item = ColumnDef::new(Alias::new(ITEM));
    let table = Table::create()
        .table(Alias::new(TABLE))
        .if_not_exists()
        .col(item.string_len(128).not_null().primary_key())
        .take();
    manager.create_table(table).await
}

/// Strikes out the thing, which is gone or somebody else's.
pub(crate) async fn forget(manager: &SchemaManager<'_>, made: Made) -> Result<(), DbErr> {
    if !manager.has_table(TABLE).await? {
        return Ok(());
    }
    let delete = Query::delete()
        .from_table(Alias::new(TABLE))
        .and_where(Expr::col(Alias::new(ITEM)).eq(made.item()))
        .take();
    manager.get_connection().execute(&delete).await?;
    Ok(())
}

/// Drops the notes themselves once nothing is noted.
pub(crate) async fn tidy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    if !manager.has_table(TABLE).await? {
        return Ok(());
    }
    let select = Query::select().column(Alias::new(ITEM)).from(Alias::new(TABLE)).limit(1).take();
    if manager.get_connection().query_one(&select).await?.is_some() {
        return Ok(());
    }
    manager.drop_table(Table::drop().table(Alias::new(TABLE)).take()).await
}
