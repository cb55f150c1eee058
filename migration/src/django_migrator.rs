//! As the migrator, for a database that Django is to use as well.

use sea_orm_migration::{
    DbErr, IntoSchemaManagerConnection, MigrationTrait, MigratorTrait, SchemaManager, async_trait,
    sea_orm::DynIden,
};

use crate::{
    Migrator, django,
    frozen::{DJANGO_SESSION, Patience, has_table, reborrow},
};

/// As [`Migrator`], and what goes up writes Django's row too.
///
/// For a database where Lodger comes first and a Django site will join: Django's `migrate` then
/// takes the table as its own, rather than failing on a table that exists. The same as
/// [`Migrator::up`](MigratorTrait::up) followed by [`django::record`]; on the command line,
/// `LODGER_DJANGO_ROW=1`.
///
/// ```
/// use lodger_migration::{DjangoMigrator, MigratorTrait, django};
/// use sea_orm_migration::sea_orm::Database;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let db = Database::connect("sqlite::memory:").await?;
/// DjangoMigrator::up(&db, None).await?;
/// assert!(django::is_recorded(&db).await?);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct DjangoMigrator;

#[async_trait::async_trait]
impl MigratorTrait for DjangoMigrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        Migrator::migrations()
    }

    fn migration_table_name() -> DynIden {
        Migrator::migration_table_name()
    }

    async fn up<'c, C>(db: C, steps: Option<u32>) -> Result<(), DbErr>
    where
        C: IntoSchemaManagerConnection<'c>,
    {
        let db = db.into_database_executor();
        Migrator::up(reborrow(&db), steps).await?;
        // With `steps` of nought there may be no table to speak of.
        if has_table(&SchemaManager::new(reborrow(&db)), DJANGO_SESSION).await? {
            let mut patience = Patience::with(&db);
            while let Err(error) = django::record(reborrow(&db)).await {
                if !patience.bears(&error).await {
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn fresh<'c, C>(db: C) -> Result<(), DbErr>
    where
        C: IntoSchemaManagerConnection<'c>,
    {
        let db = db.into_database_executor();
        Self::reset(reborrow(&db)).await?;
        Self::up(reborrow(&db), None).await
    }

    async fn refresh<'c, C>(db: C) -> Result<(), DbErr>
    where
        C: IntoSchemaManagerConnection<'c>,
    {
        let db = db.into_database_executor();
        Self::down(reborrow(&db), None).await?;
        Self::up(reborrow(&db), None).await
    }
}
