//! The list of migrations, as `sea-orm-migration` runs it.

use sea_orm_migration::{
    DbErr, IntoSchemaManagerConnection, MigrationTrait, MigratorTrait, SchemaManagerConnection,
    async_trait,
    sea_orm::DynIden,
    sea_query::{Alias, IntoIden},
};

use crate::{
    frozen::{Patience, reborrow},
    migrations,
};

/// Applies and takes back the migrations of Lodger's tables.
///
/// Which ones are applied stands in a table of its own, `lodger_migrations`, so that an application
/// with SeaORM migrations of its own keeps its `seaql_migrations` apart.
///
/// Processes that call [`up`](MigratorTrait::up) at the same moment all succeed: one that comes upon
/// the work of another waits a little and looks again, and `steps` are counted from what was applied
/// when it first looked. It is so with a connection of `up`'s own; in a transaction of the caller's
/// the first error is final. Two that call `down` at once may still get the database's error.
///
/// # Errors
///
/// All of its methods give [`DbErr::Migration`] for a table that exists under the name of one of
/// ours without its columns, and the database's error otherwise, which `up` gives only after a few
/// seconds of trying. On SQLite and PostgreSQL a migration that fails leaves nothing behind.
///
/// # Cancel safety
///
/// A dropped future takes back the migration under way on SQLite and PostgreSQL. On MySQL and
/// MariaDB, whose definitions are not part of a transaction, the next `up` completes the table that
/// was being made.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        migrations::all()
    }

    fn migration_table_name() -> DynIden {
        Alias::new("lodger_migrations").into_iden()
    }

    async fn up<'c, C>(db: C, steps: Option<u32>) -> Result<(), DbErr>
    where
        C: IntoSchemaManagerConnection<'c>,
    {
        let db = db.into_database_executor();
        let mut patience = Patience::with(&db);
        let mut goal = None;
        loop {
            match attempt(&db, steps, &mut goal).await {
                Err(error) if patience.bears(&error).await => {}
                result => return result,
            }
        }
    }

    /// Takes back every migration and applies them again.
    ///
    /// SeaORM's own drops every table of the database, a Django site's included; ours drops what
    /// Lodger made.
    async fn fresh<'c, C>(db: C) -> Result<(), DbErr>
    where
        C: IntoSchemaManagerConnection<'c>,
    {
        let db = db.into_database_executor();
        Self::reset(reborrow(&db)).await?;
        Self::up(reborrow(&db), None).await
    }
}

/// Goes up until no more than `goal` migrations are pending, which the first look sets.
async fn attempt(
    db: &SchemaManagerConnection<'_>,
    steps: Option<u32>,
    goal: &mut Option<u32>,
) -> Result<(), DbErr> {
    let Some(steps) = steps else { return Once::up(reborrow(db), None).await };
    let pending = Once::get_pending_migrations(db).await?.len();
    let pending = u32::try_from(pending).expect("migrations are few");
    let goal = *goal.get_or_insert(pending.saturating_sub(steps));
    Once::up(reborrow(db), Some(pending.saturating_sub(goal))).await
}

/// The same migrations, applied as SeaORM does it: the first error is final.
struct Once;

impl MigratorTrait for Once {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Migrator::migrations()
    }

    fn migration_table_name() -> DynIden {
        Migrator::migration_table_name()
    }
}
