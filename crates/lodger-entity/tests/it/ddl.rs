//! Our statements are Django's.

use lodger_entity::{SessionModel, account_session, schema::create_table, session};
use sea_orm::DbBackend;
use serde_json::Value;

/// Statements as `sqlmigrate` prints them: with a semicolon, without a transaction's frame.
fn ours<M: SessionModel>(backend: DbBackend) -> Vec<String> {
    create_table::<M>(backend).unwrap().into_iter().map(|statement| statement + ";").collect()
}

fn texts(value: &Value) -> Vec<String> {
    let texts = value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned());
    texts.filter(|text| text != "BEGIN;" && text != "COMMIT;").collect()
}

fn recorded(backend: DbBackend, entry: &str) -> Vec<(String, Vec<String>)> {
    let file =
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/django/ddl.json"));
    let ddl: Value = serde_json::from_str(file).unwrap();
    let vendor = match backend {
        DbBackend::Postgres => Some("postgresql"),
        DbBackend::MySql => Some("mysql"),
        _ => None,
    };
    ddl[entry]
        .as_array()
        .unwrap()
        .iter()
        .filter(|run| vendor.is_none_or(|vendor| run["vendor"] == vendor))
        .map(|run| (run["django"].as_str().unwrap().to_owned(), texts(&run["sqlmigrate"])))
        .collect()
}

/// Django 1.8 named indexes by another rule; every later release is met to the letter.
fn equals_every_release_from_1_11(backend: DbBackend, entry: &str) {
    let ours = ours::<session::Entity>(backend);
    let runs = recorded(backend, entry);
    let mut compared = 0;
    for (django, theirs) in &runs {
        if django.starts_with("1.8.") {
            assert_eq!(ours.len(), theirs.len());
            if backend != DbBackend::MySql {
                // (MySQL's 1.8 took the server for one without microseconds.)
                assert_eq!(ours[0], theirs[0], "{django}");
            }
            continue;
        }
        assert_eq!(&ours, theirs, "{django}");
        compared += 1;
    }
    assert_eq!(compared, 6, "{runs:?}");
}

mod sqlite {
    use super::*;

    #[test]
    fn django_session_is_djangos_to_the_letter() {
        equals_every_release_from_1_11(DbBackend::Sqlite, "sqlite");
    }
}

mod postgres {
    use super::*;

    #[test]
    fn django_session_is_djangos_to_the_letter() {
        equals_every_release_from_1_11(DbBackend::Postgres, "servers");
    }
}

mod mariadb {
    use super::*;

    #[test]
    fn django_session_is_djangos_to_the_letter() {
        equals_every_release_from_1_11(DbBackend::MySql, "servers");
    }
}

/// The three columns' part of a model of a test's own.
macro_rules! session_model {
    ($entity:ty, $column:ident) => {
        impl lodger_entity::SessionModel for $entity {
            fn session_key_column() -> $column {
                $column::SessionKey
            }
            fn session_data_column() -> $column {
                $column::SessionData
            }
            fn expire_date_column() -> $column {
                $column::ExpireDate
            }
        }
    };
}

/// A column of every kind.
#[expect(unreachable_pub, reason = "the entity's generated items must be as visible")]
mod wide {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lodger_test_wide")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(40))")]
        pub session_key: String,
        #[sea_orm(column_type = "Text")]
        pub session_data: String,
        #[sea_orm(indexed)]
        pub expire_date: DateTimeUtc,
        #[sea_orm(indexed, column_type = "String(StringLen::N(64))")]
        pub a_char: String,
        #[sea_orm(unique, column_type = "String(StringLen::N(64))", nullable)]
        pub a_unique: Option<String>,
        #[sea_orm(indexed, column_type = "Text", nullable)]
        pub a_text: Option<String>,
        pub a_small: i16,
        #[sea_orm(unique)]
        pub a_big: i64,
        pub a_bool: bool,
        pub a_date: Option<Date>,
        pub a_double: f64,
        pub a_binary: Option<Vec<u8>>,
        #[sea_orm(indexed)]
        pub a_moment: Option<DateTimeUtc>,
        #[sea_orm(unique_key = "pair")]
        pub first: i32,
        #[sea_orm(unique_key = "pair")]
        pub second: i32,
    }

    impl ActiveModelBehavior for ActiveModel {}
    session_model!(Entity, Column);
}

/// Names of table and column that are too long together.
#[expect(unreachable_pub, reason = "the entity's generated items must be as visible")]
mod long {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "lodger_a_table_whose_name_is_nearly_as_long_as_may_be")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(40))")]
        pub session_key: String,
        #[sea_orm(column_type = "Text")]
        pub session_data: String,
        #[sea_orm(indexed)]
        pub expire_date: DateTimeUtc,
        #[sea_orm(indexed, column_type = "String(StringLen::N(20))")]
        pub a_column_with_a_name_that_goes_on_for_quite_a_while_longer: String,
    }

    impl ActiveModelBehavior for ActiveModel {}
    session_model!(Entity, Column);
}

/// A name that is too long and may not begin an index's.
#[expect(unreachable_pub, reason = "the entity's generated items must be as visible")]
mod digit {
    use sea_orm::entity::prelude::*;

    #[sea_orm::model]
    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "_9_lodger_a_table_whose_name_starts_with_an_underscore_and_is_long")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false, column_type = "String(StringLen::N(40))")]
        pub session_key: String,
        #[sea_orm(column_type = "Text")]
        pub session_data: String,
        #[sea_orm(indexed)]
        pub expire_date: DateTimeUtc,
    }

    impl ActiveModelBehavior for ActiveModel {}
    session_model!(Entity, Column);
}

#[test]
fn a_model_of_the_users_own_is_djangos_on_every_database() {
    fn compare<M: SessionModel>(models: &Value, name: &str) {
        let backends = [
            ("sqlite", DbBackend::Sqlite),
            ("postgres", DbBackend::Postgres),
            ("mysql", DbBackend::MySql),
        ];
        for (database, backend) in backends {
            assert_eq!(ours::<M>(backend), texts(&models[name][database]), "{name} on {database}");
        }
    }
    let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/django_models.json"));
    let recorded: Value = serde_json::from_str(file).unwrap();
    let models = &recorded["models"];
    compare::<account_session::Entity>(models, "accountsession");
    compare::<wide::Entity>(models, "wide");
    compare::<long::Entity>(models, "long");
    compare::<digit::Entity>(models, "digit");
    assert_eq!(models.as_object().unwrap().len(), 4);
}
