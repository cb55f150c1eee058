//! Makes the next migration when an entity has changed.
//!
//! `snapshots/` holds, beside each migration, the description of all tables that it leads to. The
//! entities' description is compared with the last one; for each table that differs a migration
//! file with literal SQL for the three databases is written, a snapshot beside it, and the list in
//! `src/migrations.rs` anew. Files once written are never touched again.
//!
//! Made by itself: a new table, a new nullable column, a dropped nullable column, an index made or
//! dropped. Everything else needs a decision about the rows that are there, and is refused with the
//! reason: such a migration is written by hand, with its snapshot.
//!
//! # Django
//!
//! `makemigrations`, and `makemigrations --check`.

mod history;

mod change;
mod error;
mod migration_file;
mod snapshot;

pub use change::{Direction, TableChange};
pub use error::GeneratorError;
pub use history::History;
pub use snapshot::Snapshot;
