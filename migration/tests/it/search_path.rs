//! A PostgreSQL search path of two schemas.

use lodger_migration::{DjangoMigrator, Migrator, MigratorTrait, django};
use sea_orm_migration::sea_orm::{ConnectionTrait, Database, DatabaseConnection};

use crate::{
    database::{POSTGRES, at_server},
    description::texts,
    recorded,
};

/// Runs a case with the schemas `app` and `public`, where new tables go to `app`.
async fn with_two_schemas(test: &str, case: impl AsyncFnOnce(&DatabaseConnection)) {
    at_server(&POSTGRES, test, async |url| {
        let public = Database::connect(&url).await.unwrap();
        public.execute_unprepared("CREATE SCHEMA app").await.unwrap();
        recorded::create(&public, "5.2.19").await;
        public.close().await.unwrap();
        let separator = if url.contains('?') { '&' } else { '?' };
        let url = format!("{url}{separator}options=-csearch_path%3Dapp%2Cpublic");
        let db = Database::connect(url).await.unwrap();
        case(&db).await;
        db.close().await.unwrap();
    })
    .await;
}

async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let sql = "SELECT concat_ws('.', schemaname, tablename) FROM pg_tables \
               WHERE schemaname IN ('app', 'public') ORDER BY 1";
    texts(db, sql).await
}

#[tokio::test]
async fn a_table_of_djangos_further_down_the_path_is_left_as_it_is() {
    let test = "search_path::a_table_of_djangos_further_down_the_path_is_left_as_it_is";
    with_two_schemas(test, async |db| {
        Migrator::up(db, None).await.unwrap();
        assert_eq!(tables(db).await, ["app.lodger_migrations", "public.django_session"]);
        Migrator::down(db, None).await.unwrap();
        assert_eq!(tables(db).await, ["app.lodger_migrations", "public.django_session"]);
    })
    .await;
}

#[tokio::test]
async fn a_missing_column_is_found_further_down_the_path() {
    let test = "search_path::a_missing_column_is_found_further_down_the_path";
    with_two_schemas(test, async |db| {
        let drop = "ALTER TABLE public.django_session DROP COLUMN expire_date";
        db.execute_unprepared(drop).await.unwrap();
        let error = Migrator::up(db, None).await.unwrap_err().to_string();
        assert!(error.contains("lacks the column expire_date"), "{error}");
    })
    .await;
}

#[tokio::test]
async fn djangos_bookkeeping_further_down_the_path_is_used() {
    let test = "search_path::djangos_bookkeeping_further_down_the_path_is_used";
    with_two_schemas(test, async |db| {
        let create = "CREATE TABLE public.django_migrations (id serial PRIMARY KEY, \
                      app varchar(255) NOT NULL, name varchar(255) NOT NULL, \
                      applied timestamp with time zone NOT NULL)";
        db.execute_unprepared(create).await.unwrap();
        DjangoMigrator::up(db, None).await.unwrap();
        assert!(django::is_recorded(db).await.unwrap());
        let rows = texts(db, "SELECT app::text FROM public.django_migrations").await;
        assert_eq!(rows, ["sessions"]);
        assert!(!tables(db).await.contains(&"app.django_migrations".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn a_note_of_one_schema_does_not_give_up_the_table_of_another() {
    let test = "search_path::a_note_of_one_schema_does_not_give_up_the_table_of_another";
    with_two_schemas(test, async |db| {
        db.execute_unprepared("DROP TABLE public.django_session").await.unwrap();
        // Ours goes to `app`, is lost by hand, and Django's comes up in `public`.
        Migrator::up(db, None).await.unwrap();
        db.execute_unprepared("ALTER TABLE app.django_session SET SCHEMA public").await.unwrap();
        Migrator::down(db, None).await.unwrap();
        assert!(tables(db).await.contains(&"public.django_session".to_owned()));
    })
    .await;
}
