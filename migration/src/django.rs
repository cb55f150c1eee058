//! Django's own bookkeeping, the table `django_migrations`.

use chrono::{SubsecRound, Utc};
use sea_orm_migration::{
    DbErr, IntoSchemaManagerConnection, SchemaManager, SchemaManagerConnection,
    sea_orm::{ConnectionTrait, DbBackend},
    sea_query::{Alias, Expr, ExprTrait, Query, SelectStatement, SimpleExpr, Table},
};

use crate::{
    frozen::{DJANGO_SESSION, has_table},
    made::{self, Made},
};

const TABLE: &str = "django_migrations";
const APP: &str = "sessions";
const NAME: &str = "0001_initial";

/// Writes Django's row for its sessions, so that Django takes the table as migrated.
///
/// The row is `sessions`, `0001_initial`, applied now. `django_migrations` is made as Django makes it
/// if it is absent. Returns whether the row was written: `false` when it is there already.
///
/// # Errors
///
/// [`DbErr::Migration`] when `django_session` does not exist, and the database's error otherwise. Of
/// processes that call it at the same moment one writes the row; the others may get an error, which
/// [`DjangoMigrator`](crate::DjangoMigrator) bears for them.
///
/// # Cancel safety
///
/// A dropped future writes no row. It may leave an empty `django_migrations`, which neither Django
/// nor a second call minds.
///
/// # Django
///
/// `MigrationRecorder.record_applied`, and `migrate --fake-initial` seen from the other side.
///
/// ```
/// use lodger_migration::{Migrator, MigratorTrait, django};
/// use sea_orm_migration::sea_orm::Database;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let db = Database::connect("sqlite::memory:").await?;
/// Migrator::up(&db, None).await?;
/// assert!(django::record(&db).await?);
/// assert!(!django::record(&db).await?);
/// # Ok(())
/// # }
/// ```
pub async fn record<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<bool, DbErr> {
    let manager = SchemaManager::new(db);
    if !has_table(&manager, DJANGO_SESSION).await? {
        return Err(DbErr::Migration(format!(
            "there is no table {DJANGO_SESSION} to tell Django of: migrate up first"
        )));
    }
    if !has_table(&manager, TABLE).await? {
        manager.get_connection().execute_unprepared(definition(&manager)?).await?;
        made::note(&manager, Made::Table(TABLE)).await?;
    }
    if has_row(&manager).await? {
        return Ok(false);
    }
    made::prepare(&manager).await?;
    if !matches!(manager.get_connection(), SchemaManagerConnection::Connection(_)) {
        return write_row(&manager).await;
    }
    let transaction = manager.begin().await?;
    let written = write_row(&transaction).await?;
    // What is not committed is taken back.
    if written {
        transaction.commit().await?;
    }
    Ok(written)
}

/// Writes the row and notes it, the note first.
///
/// Nothing keeps Django's table from two rows of one name. A note is there once: of two that write
/// at the same moment the second waits at its note for the first, and then finds the row or fails.
async fn write_row(manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
    made::forget(manager, Made::DjangoRow).await?;
    made::note(manager, Made::DjangoRow).await?;
    if has_row(manager).await? {
        return Ok(false);
    }
    let insert = Query::insert()
        .into_table(Alias::new(TABLE))
        .columns([Alias::new("app"), Alias::new("name"), Alias::new("applied")])
        .values_panic([APP.into(), NAME.into(), now(manager.get_database_backend())])
        .take();
    manager.get_connection().execute(&insert).await?;
    Ok(true)
}

/// Whether Django's bookkeeping has the row of its sessions, whoever wrote it.
///
/// # Errors
///
/// The database's.
pub async fn is_recorded<'c>(db: impl IntoSchemaManagerConnection<'c>) -> Result<bool, DbErr> {
    let manager = SchemaManager::new(db);
    Ok(has_table(&manager, TABLE).await? && has_row(&manager).await?)
}

/// Whether dropping `django_session` would pull it from under Django.
///
/// It would when Django's bookkeeping has the row, unless we wrote the row and no other app has one:
/// then no Django has ever migrated here.
pub(crate) async fn counts_on_the_table(manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
    if !has_table(manager, TABLE).await? || !has_row(manager).await? {
        return Ok(false);
    }
    if !made::is_noted(manager, Made::DjangoRow).await? {
        return Ok(true);
    }
    let others = select().and_where(is_row().not()).take();
    Ok(manager.get_connection().query_one(&others).await?.is_some())
}

/// Gives up what we wrote: the table stays, and with it what Django knows of it.
pub(crate) async fn hand_over(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    made::forget(manager, Made::DjangoRow).await?;
    made::forget(manager, Made::Table(TABLE)).await?;
    made::tidy(manager).await
}

/// Deletes the row if we wrote it, and drops the bookkeeping if we made it and it is empty.
pub(crate) async fn take_back(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let exists = has_table(manager, TABLE).await?;
    if made::is_noted(manager, Made::DjangoRow).await? {
        if exists {
            let delete = Query::delete().from_table(Alias::new(TABLE)).and_where(is_row()).take();
            manager.get_connection().execute(&delete).await?;
        }
        made::forget(manager, Made::DjangoRow).await?;
    }
    if made::is_noted(manager, Made::Table(TABLE)).await? {
        let any = select();
        if exists && manager.get_connection().query_one(&any).await?.is_none() {
            manager.drop_table(Table::drop().table(Alias::new(TABLE)).take()).await?;
        }
        made::forget(manager, Made::Table(TABLE)).await?;
    }
    Ok(())
}

async fn has_row(manager: &SchemaManager<'_>) -> Result<bool, DbErr> {
    let row = select().and_where(is_row()).take();
    Ok(manager.get_connection().query_one(&row).await?.is_some())
}

fn select() -> SelectStatement {
    Query::select().column(Alias::new("name")).from(Alias::new(TABLE)).limit(1).take()
}

fn is_row() -> SimpleExpr {
    let column = |name| Expr::col(Alias::new(name));
    column("app").eq(APP).and(column("name").eq(NAME))
}

/// The moment as Django stores it: text with a blank and no zone on SQLite, where Django compares
/// and parses text, and naive UTC on MySQL.
fn now(backend: DbBackend) -> SimpleExpr {
    let now = Utc::now().trunc_subsecs(6);
    match backend {
        DbBackend::Postgres => now.into(),
        _ if now.timestamp_subsec_micros() == 0 => {
            now.format("%Y-%m-%d %H:%M:%S").to_string().into()
        }
        _ => now.format("%Y-%m-%d %H:%M:%S%.6f").to_string().into(),
    }
}

/// As Django 5.2 makes the table with the settings of a new project.
fn definition(manager: &SchemaManager<'_>) -> Result<&'static str, DbErr> {
    match manager.get_database_backend() {
        DbBackend::Sqlite => Ok(
            r#"CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)"#,
        ),
        DbBackend::Postgres => Ok(
            r#"CREATE TABLE "django_migrations" ("id" bigint NOT NULL PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" timestamp with time zone NOT NULL)"#,
        ),
        DbBackend::MySql => Ok(
            "CREATE TABLE `django_migrations` (`id` bigint AUTO_INCREMENT NOT NULL PRIMARY KEY, `app` varchar(255) NOT NULL, `name` varchar(255) NOT NULL, `applied` datetime(6) NOT NULL)",
        ),
        other => Err(DbErr::BackendNotSupported { db: other.as_str(), ctx: "django_migrations" }),
    }
}
