//! `db.json`, section `manager`: the manager's save, and the model.

use lodger_backends::db::DbStore;
use lodger_core::{Clock, SessionKey};
use lodger_entity::schema::TableSchema;
use lodger_entity::session;
use lodger_entity::verbose_name::VerboseNames;
use lodger_tests::report::count;
use lodger_tests::site::dict;
use lodger_tests::vectors::Vectors;
use serde_json::{Value, json};

use super::peer::{Peer, empty, put, row};

on_database!(sqlite, Sqlite, std::convert::identity, the_managers_save_does_what_djangos_does);

const KEY: &str = "managerkey000001";

/// Django: DatabaseSessionTests.test_sessionmanager_save
async fn the_managers_save_does_what_djangos_does(store: DbStore) {
    let vectors = Vectors::read("db");
    let db = store.connection();
    let key = SessionKey::parse(KEY, 128).unwrap();
    let mut compared = 0;
    for record in vectors.section("manager") {
        let site = Peer::of(record, vectors.versions()).site(db);
        let now = site.clock.now();
        let save = async |json: &str| site.manager.save(&key, &dict(json), now).await.unwrap();
        let saved = match record["op"].as_str().unwrap() {
            "save non-empty" => save(r#"{"a":1}"#).await,
            "save {} on an existing key" => {
                put(db, KEY, "e30:1r31eq:x", "2023-11-28 22:13:20.123456").await;
                save("{}").await
            }
            "save {} on a missing key" => save("{}").await,
            _ => continue,
        };
        let pk = saved.map_or(Value::Null, |record| record.session_key.expose().into());
        assert_eq!(pk, record["returned_pk"]);
        let rows: Vec<Value> = row(db).await.into_iter().collect();
        assert_eq!(Value::from(rows), record["rows"]);
        empty(db).await;
        compared += 1;
    }
    assert_eq!(compared, 4);
    count("vectors db.json manager", compared);
}

#[test]
fn the_model_is_djangos() {
    let vectors = Vectors::read("db");
    let records = vectors.newest("manager");
    let meta = records.iter().find(|record| record["op"] == "meta").unwrap();
    let table = TableSchema::of::<session::Entity>().unwrap();
    assert_eq!(meta["db_table"], table.name);
    let names = VerboseNames::negotiate(["en"]);
    assert_eq!(meta["verbose_name"], names.model(1));
    assert_eq!(meta["verbose_name_plural"], names.model_plural());
    let verbose =
        [session::Column::SessionKey, session::Column::SessionData, session::Column::ExpireDate];
    for ((column, verbose), field) in
        table.columns.iter().zip(verbose).zip(meta["fields"].as_array().unwrap())
    {
        let indexed = table.indexes.iter().any(|index| index.columns == [column.name.clone()]);
        let ours = json!([column.name, names.field(verbose), column.primary_key, indexed]);
        assert_eq!(ours, json!([field[0], field[1], field[3], field[4]]));
    }
    count("vectors db.json manager", 1);
}
