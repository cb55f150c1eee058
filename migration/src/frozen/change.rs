//! A migration that changes a table.

use sea_orm_migration::{DbErr, SchemaManager};

use super::{Statements, notice::left_as_it_is, statements::require_columns};
use crate::made::{self, Made};

/// A change to a table that Lodger made; a table of somebody else must have the columns already.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    /// The table's name.
    pub table: &'static str,
    /// The columns after `up`.
    pub columns: &'static [&'static str],
    /// What makes the change.
    pub up: Statements,
    /// What takes it back.
    pub down: Statements,
}

impl Change {
    /// Changes a table that Lodger made; of another, sees that it has the columns.
    ///
    /// # Errors
    ///
    /// [`DbErr::Migration`] when a table of somebody else lacks a column, and the database's.
    pub async fn up(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if made::is_noted(manager, Made::Table(self.table)).await? {
            return self.up.execute(manager).await;
        }
        require_columns(manager, self.table, self.columns).await
    }

    /// Takes the change back, on a table that Lodger made.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn down(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if made::is_noted(manager, Made::Table(self.table)).await? {
            return self.down.execute(manager).await;
        }
        left_as_it_is(self.table, "was not made by Lodger");
        Ok(())
    }
}
