//! A database without the table.

use lodger_backends::db::DbStore;
use lodger_core::LoadError;
use lodger_entity::session;
use lodger_tests::database::{Backend, on};
use lodger_tests::site::Site;
use sea_orm::ConnectionTrait;

use super::journal::Journal;
use super::page::pages;
use super::visitor::{app, ask};

const COMMAND: &str = "sea-orm-cli migrate up -d migration -u <database URL>";

/// Promise 9
async fn a_missing_table_answers_503_and_names_the_command(store: DbStore<session::Entity>) {
    let site = Site::new(store);
    let key = site.stored(r#"{"a":1}"#).await;
    let connection = site.faults.store().connection();
    connection.execute_unprepared("DROP TABLE django_session").await.unwrap();
    let app = app(&site, pages());
    let journal = Journal::begin();
    for (path, known) in [("/read", true), ("/set", true), ("/set", false), ("/logout", true)] {
        let answer = ask(&app, path, known.then_some(&key)).await;
        assert_eq!((answer.status, answer.body.as_str()), (503, ""), "{path}");
        assert_eq!(answer.set_cookie(), None);
        let told = journal.take(COMMAND);
        assert_eq!(told.len(), 1, "{path}: {told:?}");
        assert!(told[0].contains("ERROR") && told[0].contains("django_session"), "{told:?}");
    }
    let Err(LoadError::Unavailable(error)) = site.try_visit(Some(&key)).await.map(|_| ()) else {
        panic!("the session was loaded")
    };
    assert!(error.to_string().contains(COMMAND), "{error}");
}

#[tokio::test]
async fn on_sqlite_a_missing_table_answers_503_and_names_the_command() {
    on(Backend::Sqlite, a_missing_table_answers_503_and_names_the_command).await;
}

#[tokio::test]
async fn on_postgres_a_missing_table_answers_503_and_names_the_command() {
    on(Backend::Postgres, a_missing_table_answers_503_and_names_the_command).await;
}

#[tokio::test]
async fn on_mariadb_a_missing_table_answers_503_and_names_the_command() {
    on(Backend::Mariadb, a_missing_table_answers_503_and_names_the_command).await;
}
