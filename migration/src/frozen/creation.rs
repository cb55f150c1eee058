//! A migration that makes a table.

use sea_orm_migration::{DbErr, SchemaManager};

use super::{Statements, notice::left_as_it_is, presence::has_table, statements::require_columns};
use crate::{
    django,
    made::{self, Made},
};

/// The table that Django knows too.
pub(crate) const DJANGO_SESSION: &str = "django_session";

/// A table made by `up` unless it exists, and dropped by `down` if it is ours to drop.
#[derive(Clone, Copy, Debug)]
pub struct Creation {
    /// The table's name.
    pub table: &'static str,
    /// What a table that exists must have.
    pub columns: &'static [&'static str],
    /// What makes the table and its indexes.
    pub up: Statements,
    /// What drops it.
    pub down: Statements,
}

impl Creation {
    /// Makes the table and notes that it is ours, or leaves the one that is there as it is.
    ///
    /// # Errors
    ///
    /// [`DbErr::Migration`] when a table is there and lacks a column, and the database's.
    pub async fn up(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if has_table(manager, self.table).await? {
            require_columns(manager, self.table, self.columns).await?;
            left_as_it_is(self.table, "exists");
            return Ok(());
        }
        self.up.execute(manager).await?;
        made::note(manager, Made::Table(self.table)).await
    }

    /// Drops the table if Lodger made it and Django does not count on it.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn down(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let item = Made::Table(self.table);
        if !made::is_noted(manager, item).await? {
            left_as_it_is(self.table, "was not made by Lodger");
            return Ok(());
        }
        made::forget(manager, item).await?;
        if self.table == DJANGO_SESSION && django::counts_on_the_table(manager).await? {
            // It is Django's from now on, and so is the row that may have been ours.
            left_as_it_is(self.table, "is in use by Django");
            return django::hand_over(manager).await;
        }
        if has_table(manager, self.table).await? {
            self.down.execute(manager).await?;
        }
        if self.table == DJANGO_SESSION {
            django::take_back(manager).await?;
        }
        made::tidy(manager).await
    }
}
