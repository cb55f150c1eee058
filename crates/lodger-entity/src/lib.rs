//! The table `django_session` as a SeaORM entity, and what a table of your own must offer.
//!
//! Take this crate alone to join sessions to your own tables: it depends on SeaORM and on no other
//! crate of Lodger. Reading order:
//!
//! 1. [`session`]: Django's table, three columns and no more;
//! 2. [`SessionModel`]: the trait for models with further columns, and [`account_session`], an
//!    example of one that is ready for use;
//! 3. [`schema`]: the statements that create such a table, equal to Django's on SQLite, PostgreSQL,
//!    MySQL and MariaDB;
//! 4. `verbose_name` (feature `fluent`): what the model and its fields are called, in many
//!    languages.
//!
//! # Security
//!
//! A session key is a secret: who holds it is the visitor. The `Debug` of the models here leaves out
//! the key and the data, and no model has a `Display`. SeaORM derives the `Debug` of `ActiveModel`
//! by itself, with every value in it: keep active models out of logs.

pub mod account_session;
mod model;
pub mod schema;
pub mod session;
#[cfg(feature = "fluent")]
pub mod verbose_name;

pub use model::SessionModel;
