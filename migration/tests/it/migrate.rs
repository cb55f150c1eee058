//! Up, down and up again.

use lodger_migration::{Migrator, MigratorTrait};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};

use crate::{
    database::on_every_database,
    description::{table, tables, texts},
    recorded,
};

on_every_database! {
    up_down_up_goes_round
    what_is_applied_is_left_alone
    the_table_is_djangos
    a_table_of_djangos_is_left_as_it_is
    a_table_of_django_1_8_is_left_as_it_is
    a_table_without_the_columns_is_refused_by_name
    fresh_leaves_the_tables_of_others
}

async fn up_down_up_goes_round(db: DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    let made = table(&db, "django_session").await;
    assert_eq!(tables(&db).await, ["django_session", "lodger_made", "lodger_migrations"]);

    Migrator::down(&db, None).await.unwrap();
    assert_eq!(tables(&db).await, ["lodger_migrations"]);
    assert_eq!(texts(&db, "SELECT version FROM lodger_migrations").await, [""; 0]);

    Migrator::up(&db, None).await.unwrap();
    assert_eq!(table(&db, "django_session").await, made);

    Migrator::reset(&db).await.unwrap();
    assert_eq!(tables(&db).await, [""; 0]);
}

async fn what_is_applied_is_left_alone(db: DatabaseConnection) {
    Migrator::up(&db, None).await.unwrap();
    let insert = "INSERT INTO django_session VALUES ('abcdefgh', 'data', '2030-01-01 00:00:00')";
    db.execute_unprepared(insert).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    assert_eq!(texts(&db, "SELECT session_data FROM django_session").await, ["data"]);
    let applied = texts(&db, "SELECT version FROM lodger_migrations").await;
    assert_eq!(applied, ["m20261123_000001_create_django_session"]);
}

async fn the_table_is_djangos(db: DatabaseConnection) {
    let backend = db.get_database_backend();
    for django in ["1.11.29", "5.2.19", "6.1.3"] {
        Migrator::up(&db, None).await.unwrap();
        let ours = table(&db, "django_session").await;
        Migrator::reset(&db).await.unwrap();
        recorded::create(&db, django).await;
        assert_eq!(ours, table(&db, "django_session").await, "{django}");
        db.execute_unprepared("DROP TABLE django_session").await.unwrap();

        let run = recorded::run(backend, django);
        match backend {
            DbBackend::Postgres => {
                for index in run["indexes"].as_array().unwrap() {
                    let definition = index[1].as_str().unwrap().to_owned();
                    assert!(ours.contains(&definition), "{definition}");
                }
                for column in run["columns"].as_array().unwrap() {
                    let words = column.as_array().unwrap().iter().filter_map(|word| {
                        word.as_str()
                            .map(str::to_owned)
                            .or_else(|| Some(word.as_u64()?.to_string()))
                    });
                    let mut words: Vec<_> = words.collect();
                    // A date's precision was recorded after whether it may be null.
                    if words[1].starts_with("timestamp") {
                        words.swap(2, 3);
                    }
                    assert!(ours.contains(&words.join(" ")), "{words:?} in {ours:?}");
                }
            }
            DbBackend::MySql => assert_eq!(ours, [run["show_create"].as_str().unwrap()]),
            _ => {
                let recorded: Vec<_> = run["sqlmigrate"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|statement| statement.as_str().unwrap().trim_end_matches(';').to_owned())
                    .collect();
                assert_eq!(ours, recorded);
            }
        }
    }
}

async fn left_as_it_is(db: &DatabaseConnection, django: &str) {
    recorded::create(db, django).await;
    let before = table(db, "django_session").await;
    for _ in 0..2 {
        Migrator::up(db, None).await.unwrap();
        assert_eq!(table(db, "django_session").await, before);
        assert_eq!(tables(db).await, ["django_session", "lodger_migrations"]);
        Migrator::down(db, None).await.unwrap();
        assert_eq!(table(db, "django_session").await, before);
    }
    Migrator::fresh(db).await.unwrap();
    assert_eq!(table(db, "django_session").await, before);
}

async fn a_table_of_djangos_is_left_as_it_is(db: DatabaseConnection) {
    left_as_it_is(&db, "5.2.19").await;
}

async fn a_table_of_django_1_8_is_left_as_it_is(db: DatabaseConnection) {
    left_as_it_is(&db, "1.8.19").await;
    let described = table(&db, "django_session").await.join("\n");
    assert!(described.contains("django_session_de54fa62"), "{described}");
    assert!(!described.contains("a5c62663"), "{described}");
}

async fn a_table_without_the_columns_is_refused_by_name(db: DatabaseConnection) {
    let sql = "CREATE TABLE django_session (session_key varchar(40), session_data text)";
    db.execute_unprepared(sql).await.unwrap();
    let error = Migrator::up(&db, None).await.unwrap_err().to_string();
    assert!(error.contains("django_session") && error.contains("expire_date"), "{error}");
    assert_eq!(texts(&db, "SELECT version FROM lodger_migrations").await, [""; 0]);
    assert_eq!(tables(&db).await, ["django_session", "lodger_migrations"]);
}

async fn fresh_leaves_the_tables_of_others(db: DatabaseConnection) {
    db.execute_unprepared("CREATE TABLE auth_user (id integer)").await.unwrap();
    db.execute_unprepared("INSERT INTO auth_user VALUES (7)").await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    let insert = "INSERT INTO django_session VALUES ('abcdefgh', 'data', '2030-01-01 00:00:00')";
    db.execute_unprepared(insert).await.unwrap();

    Migrator::fresh(&db).await.unwrap();
    assert_eq!(texts(&db, "SELECT session_data FROM django_session").await, [""; 0]);
    assert_eq!(texts(&db, "SELECT 'still' FROM auth_user WHERE id = 7").await, ["still"]);
}
