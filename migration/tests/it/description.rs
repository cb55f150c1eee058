//! Tables as the database describes them.

use sea_orm_migration::sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, QueryResult, Statement,
};

/// All rows of a query.
pub(crate) async fn rows(db: &DatabaseConnection, sql: &str) -> Vec<QueryResult> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap()
}

/// The first column of all rows of a query, as text.
pub(crate) async fn texts(db: &DatabaseConnection, sql: &str) -> Vec<String> {
    rows(db, sql).await.iter().map(|row| row.try_get_by_index(0).unwrap()).collect()
}

/// The names of all tables, sorted.
pub(crate) async fn tables(db: &DatabaseConnection) -> Vec<String> {
    let sql = match db.get_database_backend() {
        DbBackend::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        DbBackend::Postgres => {
            "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()"
        }
        _ => {
            "SELECT CAST(table_name AS CHAR) FROM information_schema.tables \
             WHERE table_schema = DATABASE()"
        }
    };
    let mut tables = texts(db, sql).await;
    tables.sort();
    tables
}

/// Everything that the database says of a table: columns and indexes, with their names.
pub(crate) async fn table(db: &DatabaseConnection, name: &str) -> Vec<String> {
    match db.get_database_backend() {
        DbBackend::Sqlite => {
            let sql = format!(
                "SELECT sql FROM sqlite_master WHERE tbl_name = '{name}' AND sql IS NOT NULL \
                 ORDER BY type DESC, name"
            );
            texts(db, &sql).await
        }
        DbBackend::Postgres => {
            let columns = format!(
                "SELECT concat_ws(' ', column_name, data_type, \
                 coalesce(character_maximum_length, datetime_precision), is_nullable, \
                 column_default) \
                 FROM information_schema.columns WHERE table_name = '{name}' \
                 ORDER BY ordinal_position"
            );
            let indexes =
                format!("SELECT indexdef FROM pg_indexes WHERE tablename = '{name}' ORDER BY 1");
            let constraints = format!(
                "SELECT concat_ws(' ', conname, contype) FROM pg_constraint \
                 WHERE conrelid = '{name}'::regclass ORDER BY 1"
            );
            let mut lines = texts(db, &columns).await;
            lines.extend(texts(db, &indexes).await);
            lines.extend(texts(db, &constraints).await);
            lines
        }
        _ => {
            let row = rows(db, &format!("SHOW CREATE TABLE `{name}`")).await.remove(0);
            vec![row.try_get_by_index(1).unwrap()]
        }
    }
}
