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
    /// Where definitions are part of no transaction, a table that an earlier call began and did not
    /// finish is completed: it is noted before the first statement.
    ///
    /// # Errors
    ///
    /// [`DbErr::Migration`] when a table is there and lacks a column, and the database's.
    pub async fn up(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let unfinished = Made::Unfinished(self.table);
        // In this order: a table that another process makes meanwhile has its note before it is there.
        let exists = has_table(manager, self.table).await?;
        if made::is_noted(manager, unfinished).await? {
            if exists {
                require_columns(manager, self.table, self.columns).await?;
            }
            self.up.complete(manager).await?;
        } else if exists {
            require_columns(manager, self.table, self.columns).await?;
            left_as_it_is(self.table, "exists");
            return Ok(());
        } else {
            made::note(manager, unfinished).await?;
            self.up.execute(manager).await?;
        }
        made::note(manager, Made::Table(self.table)).await?;
        made::forget(manager, unfinished).await
    }

    /// Drops the table if Lodger made it and Django does not count on it.
    ///
    /// # Errors
    ///
    /// The database's.
    pub async fn down(&self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        let item = Made::Table(self.table);
        let unfinished = Made::Unfinished(self.table);
        if !made::is_noted(manager, item).await? && !made::is_noted(manager, unfinished).await? {
            left_as_it_is(self.table, "was not made by Lodger");
            return Ok(());
        }
        if self.table == DJANGO_SESSION && django::counts_on_the_table(manager).await? {
            // It is Django's from now on, and so is the row that may have been ours.
            left_as_it_is(self.table, "is in use by Django");
            made::forget(manager, item).await?;
            made::forget(manager, unfinished).await?;
            return django::hand_over(manager).await;
        }
        if has_table(manager, self.table).await? {
            self.down.execute(manager).await?;
        }
        // After the table: one without its note would be nobody's to drop.
        made::forget(manager, item).await?;
        made::forget(manager, unfinished).await?;
        if self.table == DJANGO_SESSION {
            django::take_back(manager).await?;
        }
        made::tidy(manager).await
    }
}
