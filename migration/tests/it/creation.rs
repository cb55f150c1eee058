//! A migration of one's own that is cut short.

use lodger_migration::frozen::{Creation, Statements};
use sea_orm_migration::{
    SchemaManager,
    sea_orm::{ConnectionTrait, DatabaseConnection},
};

use crate::{
    database::on_every_database,
    description::{tables, texts},
};

on_every_database! {
    what_is_cut_short_outside_a_transaction_is_completed
    what_was_begun_without_the_columns_is_refused
}

const TABLE: &str = "CREATE TABLE team (name varchar(40) NOT NULL PRIMARY KEY, place integer)";
const INDEX: &str = "CREATE INDEX team_place ON team (place)";
const CUT_SHORT: &str = "CREATE INDEX";

const fn creation(up: &'static [&'static str]) -> Creation {
    let down = &["DROP TABLE team"];
    Creation {
        table: "team",
        columns: &["name", "place"],
        up: Statements { sqlite: up, postgres: up, mysql: up },
        down: Statements { sqlite: down, postgres: down, mysql: down },
    }
}

async fn what_is_cut_short_outside_a_transaction_is_completed(db: DatabaseConnection) {
    let manager = SchemaManager::new(&db);
    creation(&[TABLE, CUT_SHORT]).up(&manager).await.unwrap_err();
    assert!(manager.has_table("team").await.unwrap());
    db.execute_unprepared("INSERT INTO team VALUES ('reds', 1)").await.unwrap();

    let whole = creation(&[TABLE, INDEX]);
    whole.up(&manager).await.unwrap();
    assert!(manager.has_index("team", "team_place").await.unwrap());
    assert_eq!(texts(&db, "SELECT name FROM team").await, ["reds"]);
    assert_eq!(texts(&db, "SELECT item FROM lodger_made").await, ["table team"]);

    whole.down(&manager).await.unwrap();
    assert_eq!(tables(&db).await, [""; 0]);
}

async fn what_was_begun_without_the_columns_is_refused(db: DatabaseConnection) {
    const NARROW: &str = "CREATE TABLE team (name varchar(40) NOT NULL PRIMARY KEY)";
    let manager = SchemaManager::new(&db);
    creation(&[NARROW, CUT_SHORT]).up(&manager).await.unwrap_err();
    let error = creation(&[TABLE, INDEX]).up(&manager).await.unwrap_err().to_string();
    assert!(error.contains("lacks the column place"), "{error}");
}
