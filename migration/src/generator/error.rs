//! Why no migration was made.

use std::path::PathBuf;

use lodger_entity::schema::SchemaError;

/// What stopped the generator.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GeneratorError {
    /// A file or folder could not be read or written.
    #[error("cannot access {path}")]
    Io {
        /// Which one.
        path: PathBuf,
        /// The system's reason.
        source: std::io::Error,
    },
    /// A snapshot is not what the generator writes.
    #[error("cannot read the snapshot {path}")]
    Snapshot {
        /// Which one.
        path: PathBuf,
        /// The parser's reason.
        source: serde_json::Error,
    },
    /// An entity cannot be described.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// The difference needs a decision that only a person can make.
    #[error("cannot make a migration for {table} by itself: {reason}; write it by hand")]
    NotDerivable {
        /// The table.
        table: String,
        /// What stands against it.
        reason: String,
    },
    /// The entities and the last snapshot differ.
    #[error(
        "the entities have changed and no migration says so ({changes}): run `cargo xtask makemigrations`"
    )]
    Differs {
        /// What has changed, in words.
        changes: String,
    },
    /// The migrations, the snapshots and the list of migrations do not belong together.
    #[error("the migrations are not in order: {0}")]
    OutOfOrder(String),
}
