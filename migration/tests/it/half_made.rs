//! What a migration that was killed half way leaves where definitions are part of no transaction.

use lodger_migration::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::{
    database::{MARIADB, on_server, on_sqlite},
    description::{table, tables, texts},
};

/// A whole migration, with the state put back to before its last statements.
async fn kill_half_way(db: &DatabaseConnection) -> Vec<String> {
    Migrator::up(db, None).await.unwrap();
    let made = table(db, "django_session").await;
    db.execute_unprepared("DELETE FROM lodger_migrations").await.unwrap();
    db.execute_unprepared("UPDATE lodger_made SET item = 'unfinished table django_session'")
        .await
        .unwrap();
    made
}

async fn is_completed(db: &DatabaseConnection, made: Vec<String>) {
    Migrator::up(db, None).await.unwrap();
    assert_eq!(table(db, "django_session").await, made);
    assert_eq!(texts(db, "SELECT item FROM lodger_made").await, ["table django_session"]);
    Migrator::down(db, None).await.unwrap();
    assert_eq!(tables(db).await, ["lodger_migrations"]);
}

async fn a_table_without_its_index_is_completed(db: DatabaseConnection) {
    let made = kill_half_way(&db).await;
    let index = "DROP INDEX django_session_expire_date_a5c62663";
    let drop = match db.get_database_backend() {
        DbBackend::MySql => format!("{index} ON django_session"),
        _ => index.to_owned(),
    };
    db.execute_unprepared(&drop).await.unwrap();
    let insert = "INSERT INTO django_session VALUES ('abcdefgh', 'data', '2030-01-01 00:00:00')";
    db.execute_unprepared(insert).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(texts(&db, "SELECT session_data FROM django_session").await, ["data"]);
    is_completed(&db, made).await;
}

async fn a_table_with_its_index_is_noted_as_made(db: DatabaseConnection) {
    let made = kill_half_way(&db).await;
    is_completed(&db, made).await;
}

async fn a_note_without_a_table_makes_the_table(db: DatabaseConnection) {
    let made = kill_half_way(&db).await;
    db.execute_unprepared("DROP TABLE django_session").await.unwrap();
    is_completed(&db, made).await;
}

/// On PostgreSQL a migration is whole or not at all.
macro_rules! on_mariadb_and_sqlite {
    ($($case:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $case() {
                super::on_sqlite(super::$case).await;
            })*
        }

        mod mariadb {
            $(#[tokio::test]
            async fn $case() {
                let test = concat!(module_path!(), "::", stringify!($case));
                super::on_server(&super::MARIADB, test, super::$case).await;
            })*
        }
    };
}

on_mariadb_and_sqlite! {
    a_table_without_its_index_is_completed
    a_table_with_its_index_is_noted_as_made
    a_note_without_a_table_makes_the_table
}
