//! A table, described without naming a database.

use sea_orm::{
    ColumnTrait, DbBackend, IdenStatic, Iterable, PrimaryKeyToColumn, PrimaryKeyTrait, Schema,
};
use serde::{Deserialize, Serialize};

use super::{ColumnKind, SchemaError};
use crate::SessionModel;

/// What a session table consists of, in the words of no database.
///
/// Two descriptions are equal exactly when Django would make the same table of both on every
/// database, so that a migration is due when the entity's and the last one recorded differ. Its
/// serialised form is stable: fields in the order written here, columns in the entity's.
///
/// ```
/// use lodger_entity::{schema::TableSchema, session};
///
/// let table = TableSchema::of::<session::Entity>()?;
/// assert_eq!(table.name, "django_session");
/// assert_eq!(table.columns.len(), 3);
/// assert_eq!(table.indexes[0].columns, ["expire_date"]);
/// # Ok::<(), lodger_entity::schema::SchemaError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSchema {
    /// The table's name.
    pub name: String,
    /// The columns, in order.
    pub columns: Vec<ColumnSchema>,
    /// The unique keys of several columns, then the indexes of one, each in the columns' order.
    pub indexes: Vec<IndexSchema>,
}

/// One column of a [`TableSchema`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ColumnSchema {
    /// The column's name.
    pub name: String,
    /// Its type.
    pub kind: ColumnKind,
    /// Whether it may be null.
    #[serde(default, skip_serializing_if = "is_false")]
    pub null: bool,
    /// Whether it is the primary key.
    #[serde(default, skip_serializing_if = "is_false")]
    pub primary_key: bool,
    /// Whether its values are unique, beside the primary key's.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
}

/// One index of a [`TableSchema`]; PostgreSQL's second one for `LIKE` is implied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexSchema {
    /// The columns' names, in order.
    pub columns: Vec<String>,
    /// Whether it is a unique key (Django's `unique_together`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub unique: bool,
}

fn is_false(flag: &bool) -> bool {
    !flag
}

impl TableSchema {
    /// The description of a model's table.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] when the model has something that Django's definition of a table has not, or
    /// that no type says on every database.
    pub fn of<M: SessionModel>() -> Result<Self, SchemaError> {
        let name = M::default().table_name().to_owned();
        if M::default().schema_name().is_some() {
            return Err(SchemaError::SchemaName { table: name });
        }
        // The backend only colours enumerations, which are refused below.
        let schema = Schema::new(DbBackend::Sqlite);
        let statement = schema.create_table_from_entity(M::default());
        if !statement.get_foreign_key_create_stmts().is_empty() {
            return Err(SchemaError::ForeignKey { table: name });
        }
        check_primary_key::<M>(&name)?;

        let columns = M::Column::iter()
            .map(|column| column_of::<M>(&schema, &name, column))
            .collect::<Result<Vec<_>, _>>()?;
        let mut indexes: Vec<_> = schema
            .create_index_from_entity(M::default())
            .iter()
            .map(|index| IndexSchema {
                columns: index.get_index_spec().get_column_names(),
                unique: index.is_unique_key(),
            })
            .collect();
        // SeaORM lists unique keys last, Django first; the sort is stable.
        indexes.sort_by_key(|index| !index.unique);
        Ok(Self { name, columns, indexes })
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnSchema> {
        self.columns.iter().find(|column| column.name == name)
    }
}

/// Refuses a primary key that is not the session key alone.
fn check_primary_key<M: SessionModel>(table: &str) -> Result<(), SchemaError> {
    let session_key = M::session_key_column();
    let mut keys = M::PrimaryKey::iter().map(PrimaryKeyToColumn::into_column);
    let first_is_session_key =
        keys.next().is_some_and(|column| column.as_str() == session_key.as_str());
    if first_is_session_key && keys.next().is_none() && !M::PrimaryKey::auto_increment() {
        Ok(())
    } else {
        Err(SchemaError::PrimaryKey { table: table.to_owned() })
    }
}

fn column_of<M: SessionModel>(
    schema: &Schema,
    table: &str,
    column: M::Column,
) -> Result<ColumnSchema, SchemaError> {
    let definition = column.def();
    let name = column.as_str().to_owned();
    let refused = |found| SchemaError::UnsupportedAttribute {
        table: table.to_owned(),
        column: name.clone(),
        found,
    };
    let spec = schema.get_column_def::<M>(column).get_column_spec().clone();
    if spec.default.is_some() {
        return Err(refused("a default"));
    }
    if spec.extra.is_some() {
        return Err(refused("extra SQL"));
    }
    let kind = ColumnKind::of(definition.get_column_type()).map_err(|hint| {
        SchemaError::UnsupportedType {
            table: table.to_owned(),
            column: name.clone(),
            found: type_name(definition.get_column_type()),
            hint,
        }
    })?;
    let primary_key = column.as_str() == M::session_key_column().as_str();
    if primary_key && !holds_a_session_key(&kind) {
        return Err(SchemaError::SessionKey { table: table.to_owned(), column: name });
    }
    Ok(ColumnSchema {
        kind,
        null: definition.is_null(),
        primary_key,
        unique: definition.is_unique() && !primary_key,
        name,
    })
}

/// Whether every session key fits: Django's have 32 characters in a column of 40.
fn holds_a_session_key(kind: &ColumnKind) -> bool {
    match kind {
        ColumnKind::Char(length) => *length >= 40,
        kind => *kind == ColumnKind::Text,
    }
}

/// SeaORM's name of a type, without its arguments.
fn type_name(column_type: &sea_orm::ColumnType) -> String {
    let text = format!("{column_type:?}");
    text.split(['(', ' ', '{']).next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{account_session, session};

    fn text<M: SessionModel>() -> String {
        serde_json::to_string(&TableSchema::of::<M>().unwrap()).unwrap()
    }

    #[test]
    fn the_serialised_form_is_stable_and_reads_back() {
        let session = r#"{"name":"django_session","columns":[{"name":"session_key","kind":{"char":40},"primary_key":true},{"name":"session_data","kind":"text"},{"name":"expire_date","kind":"date_time"}],"indexes":[{"columns":["expire_date"]}]}"#;
        assert_eq!(text::<session::Entity>(), session);
        let read: TableSchema = serde_json::from_str(session).unwrap();
        assert_eq!(read, TableSchema::of::<session::Entity>().unwrap());
    }

    #[test]
    fn a_further_column_and_its_index_are_described() {
        let table = TableSchema::of::<account_session::Entity>().unwrap();
        let account = table.column("account_id").unwrap();
        assert_eq!((account.kind, account.null), (ColumnKind::Integer, true));
        let indexed: Vec<_> = table.indexes.iter().map(|index| index.columns.join(" ")).collect();
        assert_eq!(indexed, ["expire_date", "account_id"]);
    }
}
