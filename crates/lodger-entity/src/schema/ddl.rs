//! Statements that make and change a table, without the semicolon at their end.

use sea_orm::DbBackend;

use super::{
    ColumnSchema, IndexSchema, SchemaError, TableSchema, dialect::Dialect, index_name::shortened,
};
use crate::SessionModel;

/// The statements that create a model's table, in Django's order.
///
/// The table comes first, then the unique keys of several columns, then, column by column, its index
/// and PostgreSQL's second one for `LIKE`. Each is one statement without a semicolon.
///
/// # Errors
///
/// [`SchemaError`] when the model has something that Django's definition of a table has not.
///
/// # Django
///
/// What `sqlmigrate` prints for the model, from 1.11 to the newest.
///
/// ```
/// use lodger_entity::{schema::create_table, session};
/// use sea_orm::DbBackend;
///
/// assert_eq!(
///     create_table::<session::Entity>(DbBackend::Sqlite)?,
///     [
///         r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)"#,
///         r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
///     ]
/// );
/// # Ok::<(), lodger_entity::schema::SchemaError>(())
/// ```
pub fn create_table<M: SessionModel>(backend: DbBackend) -> Result<Vec<String>, SchemaError> {
    create_table_from(&TableSchema::of::<M>()?, backend)
}

/// As [`create_table`], from a description.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn create_table_from(
    table: &TableSchema,
    backend: DbBackend,
) -> Result<Vec<String>, SchemaError> {
    let dialect = Dialect::try_from(backend)?;
    let columns: Vec<_> =
        table.columns.iter().map(|column| column_definition(dialect, column)).collect();
    let mut statements =
        vec![format!("CREATE TABLE {} ({})", dialect.quote(&table.name), columns.join(", "))];
    for key in table.indexes.iter().filter(|index| index.unique) {
        statements.extend(create_index(table, key, backend)?);
    }
    for column in &table.columns {
        let index = table
            .indexes
            .iter()
            .find(|index| !index.unique && index.columns == [column.name.as_str()]);
        match index {
            Some(index) => statements.extend(create_index(table, index, backend)?),
            None => statements.extend(like_index(dialect, table, column)),
        }
    }
    Ok(statements)
}

/// The statement that drops a table, with its indexes.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn drop_table(table: &TableSchema, backend: DbBackend) -> Result<Vec<String>, SchemaError> {
    Ok(vec![format!("DROP TABLE {}", Dialect::try_from(backend)?.quote(&table.name))])
}

/// The statements that add a column, without its index.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn add_column(
    table: &TableSchema,
    column: &ColumnSchema,
    backend: DbBackend,
) -> Result<Vec<String>, SchemaError> {
    let dialect = Dialect::try_from(backend)?;
    let definition = column_definition(dialect, column);
    let mut statements =
        vec![format!("ALTER TABLE {} ADD COLUMN {definition}", dialect.quote(&table.name))];
    if column.unique {
        statements.extend(like_index(dialect, table, column));
    }
    Ok(statements)
}

/// The statement that drops a column that has no index.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn drop_column(
    table: &TableSchema,
    column: &ColumnSchema,
    backend: DbBackend,
) -> Result<Vec<String>, SchemaError> {
    let dialect = Dialect::try_from(backend)?;
    Ok(vec![format!(
        "ALTER TABLE {} DROP COLUMN {}",
        dialect.quote(&table.name),
        dialect.quote(&column.name)
    )])
}

/// The statements that create an index, and PostgreSQL's second one for `LIKE`.
///
/// None where Django makes none: on MySQL's texts without limit.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn create_index(
    table: &TableSchema,
    index: &IndexSchema,
    backend: DbBackend,
) -> Result<Vec<String>, SchemaError> {
    let dialect = Dialect::try_from(backend)?;
    let name = dialect.quote(&name_of(dialect, table, index));
    let on = dialect.quote(&table.name);
    let columns = dialect.quote_list(index.columns.iter().map(String::as_str));
    if index.unique {
        return Ok(vec![match dialect {
            Dialect::Sqlite => format!("CREATE UNIQUE INDEX {name} ON {on} ({columns})"),
            _ => format!("ALTER TABLE {on} ADD CONSTRAINT {name} UNIQUE ({columns})"),
        }]);
    }
    let members: Vec<_> = index.columns.iter().filter_map(|name| table.column(name)).collect();
    let mut statements = Vec::new();
    if members.iter().all(|column| dialect.can_index(column.kind)) {
        statements.push(format!("CREATE INDEX {name} ON {on} ({columns})"));
    }
    if let [column] = members.as_slice() {
        statements.extend(class_index(dialect, table, column));
    }
    Ok(statements)
}

/// The statements that drop an index, with PostgreSQL's second one for `LIKE`.
///
/// # Errors
///
/// [`SchemaError::UnsupportedBackend`].
pub fn drop_index(
    table: &TableSchema,
    index: &IndexSchema,
    backend: DbBackend,
) -> Result<Vec<String>, SchemaError> {
    let dialect = Dialect::try_from(backend)?;
    let name = dialect.quote(&name_of(dialect, table, index));
    let on = dialect.quote(&table.name);
    let mut statements = Vec::new();
    if let ([member], false) = (index.columns.as_slice(), index.unique)
        && let Some(column) = table.column(member)
    {
        if !dialect.can_index(column.kind) {
            return Ok(statements);
        }
        // Unique values keep their own index for `LIKE`.
        if dialect.like_class(column.kind).is_some() && !has_unique_values(column) {
            let like = shortened(&table.name, &[member], "_like", dialect.max_name_length());
            statements.push(format!("DROP INDEX IF EXISTS {}", dialect.quote(&like)));
        }
    }
    statements.push(match (dialect, index.unique) {
        (Dialect::MySql, _) => format!("DROP INDEX {name} ON {on}"),
        (Dialect::Postgres, true) => format!("ALTER TABLE {on} DROP CONSTRAINT {name}"),
        _ => format!("DROP INDEX IF EXISTS {name}"),
    });
    Ok(statements)
}

fn name_of(dialect: Dialect, table: &TableSchema, index: &IndexSchema) -> String {
    let columns: Vec<_> = index.columns.iter().map(String::as_str).collect();
    let suffix = if index.unique { "_uniq" } else { "" };
    shortened(&table.name, &columns, suffix, dialect.max_name_length())
}

fn column_definition(dialect: Dialect, column: &ColumnSchema) -> String {
    let name = dialect.quote(&column.name);
    let kind = dialect.column_type(column.kind);
    let null = if column.null { "NULL" } else { "NOT NULL" };
    let key = match (column.primary_key, column.unique) {
        (true, _) => " PRIMARY KEY",
        (false, true) => " UNIQUE",
        (false, false) => "",
    };
    format!("{name} {kind} {null}{key}")
}

fn has_unique_values(column: &ColumnSchema) -> bool {
    column.primary_key || column.unique
}

/// PostgreSQL's second index, for a column whose unique values are its first.
fn like_index(dialect: Dialect, table: &TableSchema, column: &ColumnSchema) -> Option<String> {
    has_unique_values(column).then(|| class_index(dialect, table, column)).flatten()
}

fn class_index(dialect: Dialect, table: &TableSchema, column: &ColumnSchema) -> Option<String> {
    let class = dialect.like_class(column.kind)?;
    let name = shortened(&table.name, &[&column.name], "_like", dialect.max_name_length());
    Some(format!(
        "CREATE INDEX {} ON {} ({} {class})",
        dialect.quote(&name),
        dialect.quote(&table.name),
        dialect.quote(&column.name)
    ))
}
