//! Why an entity has no table of Django's kind.

/// What stands against writing the table of an entity as Django would.
///
/// Every variant is found before a database is asked: it is a fault of the entity's definition.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The column's type has no counterpart that both Django and SeaORM read on every database.
    #[error("column {column} of {table}: {found} is not supported; {hint}")]
    UnsupportedType {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// SeaORM's name of the type.
        found: String,
        /// What to use in its place.
        hint: &'static str,
    },
    /// The column has a default or extra SQL, of which Django's definition has none.
    #[error("column {column} of {table}: {found} is not supported in the definition of a column")]
    UnsupportedAttribute {
        /// The table.
        table: String,
        /// The column.
        column: String,
        /// The attribute's name.
        found: &'static str,
    },
    /// The primary key is not the session key alone, or the database would increment it.
    #[error("the primary key of {table} must be the column of the session key alone")]
    PrimaryKey {
        /// The table.
        table: String,
    },
    /// The column of the session key cannot hold one.
    #[error("column {column} of {table}: a session key needs a text of at least 40 characters")]
    SessionKey {
        /// The table.
        table: String,
        /// The column.
        column: String,
    },
    /// A relation of the entity asks for a foreign key.
    #[error("{table} has a foreign key, which is not supported; mark the relation with skip_fk")]
    ForeignKey {
        /// The table.
        table: String,
    },
    /// The entity names a database schema of its own.
    #[error("{table} names a database schema; set the connection's search path instead")]
    SchemaName {
        /// The table.
        table: String,
    },
    /// The database is none of SQLite, PostgreSQL, MySQL and MariaDB.
    #[error("{backend} is not supported")]
    UnsupportedBackend {
        /// SeaORM's name of the database.
        backend: String,
    },
}
