//! Django's row, and what it holds back.

use lodger_migration::{DjangoMigrator, Migrator, MigratorTrait, django};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::{
    database::on_every_database,
    description::{tables, texts},
    recorded,
};

on_every_database! {
    the_row_is_written_once
    the_row_has_djangos_form
    up_down_up_goes_round_with_the_row
    a_row_of_djangos_own_keeps_the_table
    a_row_of_another_app_keeps_the_table_that_we_told_django_of
    rows_of_other_apps_alone_do_not_keep_the_table
    there_is_no_row_without_a_table
    the_row_of_a_table_that_django_made_can_be_written
    an_existing_bookkeeping_is_used_and_kept
}

const ROWS: &str = "SELECT CONCAT(app, '.', name) FROM django_migrations ORDER BY id";
const ROWS_SQLITE: &str = "SELECT app || '.' || name FROM django_migrations ORDER BY id";

async fn recorded_rows(db: &DatabaseConnection) -> Vec<String> {
    let sqlite = db.get_database_backend() == DbBackend::Sqlite;
    texts(db, if sqlite { ROWS_SQLITE } else { ROWS }).await
}

async fn insert_row(db: &DatabaseConnection, app: &str) {
    let sql = format!(
        "INSERT INTO django_migrations (app, name, applied) \
         VALUES ('{app}', '0001_initial', '2026-01-01 00:00:00')"
    );
    db.execute_unprepared(&sql).await.unwrap();
}

/// Django's bookkeeping as an older Django made it, with a serial of 32 bits.
async fn create_bookkeeping(db: &DatabaseConnection) {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "CREATE TABLE django_migrations (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
             app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime NOT NULL)"
        }
        DbBackend::Postgres => {
            "CREATE TABLE django_migrations (id serial NOT NULL PRIMARY KEY, \
             app varchar(255) NOT NULL, name varchar(255) NOT NULL, \
             applied timestamp with time zone NOT NULL)"
        }
        _ => {
            "CREATE TABLE django_migrations (id integer AUTO_INCREMENT NOT NULL PRIMARY KEY, \
             app varchar(255) NOT NULL, name varchar(255) NOT NULL, applied datetime(6) NOT NULL)"
        }
    };
    db.execute_unprepared(sql).await.unwrap();
}

async fn the_row_is_written_once(db: DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    assert!(!django::is_recorded(&db).await.unwrap());
    assert!(django::record(&db).await.unwrap());
    assert!(!django::record(&db).await.unwrap());
    DjangoMigrator::up(&db, None).await.unwrap();
    assert!(django::is_recorded(&db).await.unwrap());
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
}

async fn the_row_has_djangos_form(db: DatabaseConnection) {
    DjangoMigrator::up(&db, None).await.unwrap();
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => "SELECT applied FROM django_migrations WHERE typeof(applied) = 'text'",
        DbBackend::Postgres => {
            "SELECT to_char(applied AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') \
             FROM django_migrations"
        }
        _ => "SELECT CAST(applied AS CHAR) FROM django_migrations",
    };
    let applied = texts(&db, sql).await.remove(0);
    // No fraction at all when the microseconds are zero, six digits otherwise.
    let (seconds, fraction) = applied.split_once('.').unwrap_or((&applied, "000000"));
    assert_eq!(fraction.len(), 6, "{applied}");
    let seconds = chrono::NaiveDateTime::parse_from_str(seconds, "%Y-%m-%d %H:%M:%S").unwrap();
    let age = chrono::Utc::now().naive_utc() - seconds;
    assert!((0..60).contains(&age.num_seconds()), "{applied}");
}

async fn up_down_up_goes_round_with_the_row(db: DatabaseConnection) {
    for _ in 0..2 {
        DjangoMigrator::up(&db, None).await.unwrap();
        assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
        assert_eq!(
            tables(&db).await,
            ["django_migrations", "django_session", "lodger_made", "lodger_migrations"]
        );
        DjangoMigrator::down(&db, None).await.unwrap();
        assert_eq!(tables(&db).await, ["lodger_migrations"]);
    }
    DjangoMigrator::up(&db, None).await.unwrap();
    DjangoMigrator::refresh(&db).await.unwrap();
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
    DjangoMigrator::fresh(&db).await.unwrap();
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
}

async fn a_row_of_djangos_own_keeps_the_table(db: DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    create_bookkeeping(&db).await;
    insert_row(&db, "sessions").await;
    Migrator::down(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, ["django_migrations", "django_session", "lodger_migrations"]);
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
    // It is Django's from then on, also when the row goes.
    Migrator::up(&db, None).await.unwrap();
    db.execute_unprepared("DELETE FROM django_migrations").await.unwrap();
    Migrator::down(&db, None).await.unwrap();
    assert!(tables(&db).await.contains(&"django_session".to_owned()));
}

async fn a_row_of_another_app_keeps_the_table_that_we_told_django_of(db: DatabaseConnection) {
    DjangoMigrator::up(&db, None).await.unwrap();
    insert_row(&db, "auth").await;
    DjangoMigrator::down(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, ["django_migrations", "django_session", "lodger_migrations"]);
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial", "auth.0001_initial"]);
    DjangoMigrator::up(&db, None).await.unwrap();
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial", "auth.0001_initial"]);
}

async fn rows_of_other_apps_alone_do_not_keep_the_table(db: DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    create_bookkeeping(&db).await;
    insert_row(&db, "auth").await;
    Migrator::down(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, ["django_migrations", "lodger_migrations"]);
    assert_eq!(recorded_rows(&db).await, ["auth.0001_initial"]);
}

async fn there_is_no_row_without_a_table(db: DatabaseConnection) {
    let error = django::record(&db).await.unwrap_err().to_string();
    assert!(error.contains("django_session"), "{error}");
    assert_eq!(tables(&db).await, [""; 0]);
}

async fn the_row_of_a_table_that_django_made_can_be_written(db: DatabaseConnection) {
    recorded::create(&db, "5.2.19").await;
    DjangoMigrator::up(&db, None).await.unwrap();
    DjangoMigrator::down(&db, None).await.unwrap();
    // The table was not ours, so it stays, and so does what Django knows of it.
    assert!(tables(&db).await.contains(&"django_session".to_owned()));
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
}

async fn an_existing_bookkeeping_is_used_and_kept(db: DatabaseConnection) {
    create_bookkeeping(&db).await;
    DjangoMigrator::up(&db, None).await.unwrap();
    assert_eq!(recorded_rows(&db).await, ["sessions.0001_initial"]);
    DjangoMigrator::down(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, ["django_migrations", "lodger_migrations"]);
    assert_eq!(recorded_rows(&db).await, [""; 0]);
}
