//! What Django wrote, as it was recorded.

use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend};
use serde_json::Value;

/// One release of Django on one kind of database.
pub(crate) fn run(backend: DbBackend, django: &str) -> Value {
    let file = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/data/django/ddl.json"));
    let ddl: Value = serde_json::from_str(file).unwrap();
    let (entry, vendor) = match backend {
        DbBackend::Postgres => ("servers", Some("postgresql")),
        DbBackend::MySql => ("servers", Some("mysql")),
        _ => ("sqlite", None),
    };
    let runs = ddl[entry].as_array().unwrap();
    let found = runs
        .iter()
        .find(|run| run["django"] == django && vendor.is_none_or(|vendor| run["vendor"] == vendor));
    found.unwrap().clone()
}

/// Makes the table as a release of Django did.
pub(crate) async fn create(db: &DatabaseConnection, django: &str) {
    for statement in run(db.get_database_backend(), django)["sqlmigrate"].as_array().unwrap() {
        let statement = statement.as_str().unwrap();
        if statement != "BEGIN;" && statement != "COMMIT;" {
            db.execute_unprepared(statement).await.unwrap();
        }
    }
}
