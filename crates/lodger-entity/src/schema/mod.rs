//! The definition of a session table, as Django's migrations would write it.
//!
//! [`TableSchema::of`] describes a [`SessionModel`](crate::SessionModel) without naming a database;
//! [`create_table`] turns the description into statements for one of them. Both are pure: nothing
//! here talks to a database.
//!
//! What the statements promise is equality with Django's: the types, the order of the statements,
//! the names of indexes with their shortening, PostgreSQL's second index for `LIKE` on every unique
//! or indexed text, and no index on MySQL's texts without limit. SeaORM's own `Schema` gives other
//! types and other names, and its schema sync would add indexes a second time: use migrations.

mod table;

mod column_kind;
mod ddl;
mod dialect;
mod error;
mod index_name;

pub use column_kind::ColumnKind;
pub use ddl::{
    add_column, create_index, create_table, create_table_from, drop_column, drop_index, drop_table,
};
pub use error::SchemaError;
pub use index_name::index_name;
pub use table::{ColumnSchema, IndexSchema, TableSchema};
