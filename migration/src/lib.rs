//! The migrations of Lodger's tables.
//!
//! From code, in the start of an application:
//!
//! ```
//! use lodger_migration::{Migrator, MigratorTrait};
//! use sea_orm_migration::sea_orm::Database;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let db = Database::connect("sqlite::memory:").await?;
//! Migrator::up(&db, None).await?; // again and again: what is applied is left alone
//! # Ok(())
//! # }
//! ```
//!
//! By hand: `sea-orm-cli migrate up -d migration -u URL` (and `down`, `status`, `refresh`, `reset`,
//! `fresh`), or without that tool `DATABASE_URL=URL cargo run -p lodger-migration -- up`. With
//! `LODGER_DJANGO_ROW=1` in the environment, what goes up also writes Django's row
//! ([`DjangoMigrator`]).
//!
//! # A database that Django uses too
//!
//! 1. A table that exists is left as it is, its indexes included, whatever they are called (1.8
//!    called them otherwise). It must have the columns, else `up` says which one is missing.
//! 2. A table that Lodger made is noted in the table `lodger_made`, and only such a table is ever
//!    changed or dropped.
//! 3. `down` does not drop what Django counts on. Django counts on `django_session` when its
//!    `django_migrations` has the row `sessions.0001_initial`, unless Lodger wrote that row itself
//!    and no other app of Django has a row there.
//! 4. `down` takes back what Lodger made: with the table its row in `django_migrations`, and that
//!    table too if Lodger made it and nothing is left in it. So `up`, `down`, `up` goes round, with
//!    Django's row and without. What `down` leaves to Django is Django's from then on.
//! 5. `fresh` drops Lodger's tables under the same rules, not every table of the database as
//!    SeaORM's own does.
//!
//! # Making a migration
//!
//! `cargo xtask makemigrations` compares the entities with the last file in `snapshots/` and, if they
//! differ, writes the next migration: [`generator`].

mod django_migrator;
mod migrator;

pub mod django;
pub mod generator;

pub mod frozen;

mod made;
mod migrations;

pub use django_migrator::DjangoMigrator;
pub use migrator::Migrator;
pub use sea_orm_migration::MigratorTrait;
