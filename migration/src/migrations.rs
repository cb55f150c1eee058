//! All migrations, oldest first. Written by `cargo xtask makemigrations`.

use sea_orm_migration::MigrationTrait;

#[path = "m20261123_000001_create_django_session.rs"]
mod m20261123_000001_create_django_session;

/// All migrations, oldest first.
pub(crate) fn all() -> Vec<Box<dyn MigrationTrait>> {
    vec![Box::new(m20261123_000001_create_django_session::Migration)]
}
