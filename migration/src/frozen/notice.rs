//! Saying that a table was left alone.

use tracing::info;

/// Tells whoever runs the migrations that a table was left as it is, and why.
///
/// The target is below SeaORM's, the only one that `sea-orm-cli` shows without being asked: a
/// rollback that drops nothing must not pass for one that did.
pub(super) fn left_as_it_is(table: &str, reason: &str) {
    info!(target: "sea_orm_migration::lodger", "Table '{table}' {reason} and is left as it is");
}
