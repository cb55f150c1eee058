//! The SQL of generated changes, run for real.

use lodger_entity::{
    account_session,
    schema::{ColumnKind, ColumnSchema, IndexSchema, TableSchema, create_table_from},
};
use lodger_migration::generator::{Direction, Snapshot, TableChange};
use sea_orm_migration::sea_orm::{ConnectionTrait, DatabaseConnection};

use crate::{database::on_every_database, description::table};

on_every_database! {
    a_change_leads_to_the_table_that_is_asked_for_and_back
    a_dropped_column_comes_back
}

const TABLE: &str = "lodger_accountsession";

/// The account session, with a name and a note in place of the account.
fn renamed() -> TableSchema {
    let mut table = TableSchema::of::<account_session::Entity>().unwrap();
    table.columns.retain(|column| column.name != "account_id");
    table.indexes.retain(|index| index.columns != ["account_id"]);
    for (name, kind) in [("name", ColumnKind::Char(64)), ("note", ColumnKind::Text)] {
        let column = ColumnSchema {
            name: name.to_owned(),
            kind,
            null: true,
            primary_key: false,
            unique: false,
        };
        table.columns.push(column);
    }
    table.indexes.push(IndexSchema { columns: vec!["name".to_owned()], unique: false });
    table
}

async fn execute(db: &DatabaseConnection, statements: Vec<String>) {
    for statement in statements {
        db.execute_unprepared(&statement)
            .await
            .unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

/// Columns and indexes in no order, and without SQLite's way of keeping a statement's text.
async fn normal(db: &DatabaseConnection) -> Vec<String> {
    let text = table(db, TABLE).await.join("\n");
    let mut parts: Vec<_> = text
        .split(['\n', ','])
        .map(|part| part.trim().trim_end_matches(')').to_owned())
        .filter(|part| !part.is_empty())
        .collect();
    parts.sort();
    parts
}

async fn there_and_back(db: &DatabaseConnection, old: TableSchema, new: TableSchema) {
    let backend = db.get_database_backend();
    execute(db, create_table_from(&new, backend).unwrap()).await;
    let wanted = normal(db).await;
    db.execute_unprepared(&format!("DROP TABLE {TABLE}")).await.unwrap();
    execute(db, create_table_from(&old, backend).unwrap()).await;
    let before = normal(db).await;
    assert_ne!(before, wanted);
    let insert = format!(
        "INSERT INTO {TABLE} (session_key, session_data, expire_date) \
         VALUES ('abcdefgh', 'data', '2030-01-01 00:00:00')"
    );
    db.execute_unprepared(&insert).await.unwrap();

    let changes =
        TableChange::between(&Snapshot { tables: vec![old] }, &Snapshot { tables: vec![new] })
            .unwrap();
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    execute(db, change.statements(Direction::Up, backend).unwrap()).await;
    assert_eq!(normal(db).await, wanted);
    execute(db, change.statements(Direction::Down, backend).unwrap()).await;
    assert_eq!(normal(db).await, before);
}

async fn a_change_leads_to_the_table_that_is_asked_for_and_back(db: DatabaseConnection) {
    there_and_back(&db, TableSchema::of::<account_session::Entity>().unwrap(), renamed()).await;
}

async fn a_dropped_column_comes_back(db: DatabaseConnection) {
    there_and_back(&db, renamed(), TableSchema::of::<account_session::Entity>().unwrap()).await;
}
