//! All tables as a migration leaves them.

use lodger_entity::{
    schema::{SchemaError, TableSchema},
    session,
};
use serde::{Deserialize, Serialize};

/// The description of every table that Lodger's migrations make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The tables, in the order in which they are made.
    pub tables: Vec<TableSchema>,
}

impl Snapshot {
    /// What the entities ask for.
    ///
    /// A model of a user's own is made by a migration of the user's own, as in Django.
    ///
    /// # Errors
    ///
    /// [`SchemaError`] of an entity that cannot be described.
    pub fn of_entities() -> Result<Self, SchemaError> {
        Ok(Self { tables: vec![TableSchema::of::<session::Entity>()?] })
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&TableSchema> {
        self.tables.iter().find(|table| table.name == name)
    }
}
