//! The list of migrations, as `sea-orm-migration` runs it.

use sea_orm_migration::{
    DbErr, IntoSchemaManagerConnection, MigrationTrait, MigratorTrait, async_trait,
    sea_orm::DynIden,
    sea_query::{Alias, IntoIden},
};

use crate::{frozen::reborrow, migrations};

/// Applies and takes back the migrations of Lodger's tables.
///
/// Which ones are applied stands in a table of its own, `lodger_migrations`, so that an application
/// with SeaORM migrations of its own keeps its `seaql_migrations` apart.
///
/// # Errors
///
/// All of its methods give [`DbErr::Migration`] for a table that exists under the name of one of
/// ours without its columns, and the database's error otherwise. On SQLite and PostgreSQL a
/// migration that fails leaves nothing behind. Of two processes that migrate an empty database at
/// once one may get the database's error; run again, it finds nothing to do.
///
/// # Cancel safety
///
/// A dropped future takes back the migration under way on SQLite and PostgreSQL. On MySQL and
/// MariaDB, whose definitions are not part of a transaction, the next `up` finds the table and goes
/// on with it.
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
