//! Trying again where others migrate at the same moment.

use std::{
    hash::{BuildHasher as _, RandomState},
    time::Duration,
};

use sea_orm_migration::{DbErr, SchemaManagerConnection};

const ATTEMPTS: u32 = 12;
const STEP: Duration = Duration::from_millis(40);

/// How often a database's error is borne before it is given.
///
/// Processes that start at once stand in each other's way: "database is locked", a table or a row
/// that another made a moment ago. Each database says it in words of its own, so every error of a
/// statement is borne for a few seconds. Whoever comes first finishes, and the others find
/// nothing to do.
#[derive(Debug)]
pub(crate) struct Patience {
    failed: u32,
    attempts: u32,
}

impl Patience {
    /// Within a transaction of the caller's there is no second attempt.
    pub(crate) fn with(db: &SchemaManagerConnection<'_>) -> Self {
        let alone = matches!(db, SchemaManagerConnection::Connection(_));
        Self { failed: 0, attempts: if alone { ATTEMPTS } else { 1 } }
    }

    /// Whether to try again after this error: if so, it has waited.
    pub(crate) async fn bears(&mut self, error: &DbErr) -> bool {
        self.failed += 1;
        if self.failed >= self.attempts || !matches!(error, DbErr::Exec(_) | DbErr::Query(_)) {
            return false;
        }
        tokio::time::sleep(wait(self.failed)).await;
        true
    }
}

/// Longer each time, and by chance up to twice as long, so that those who collided part.
fn wait(failed: u32) -> Duration {
    let base = STEP * failed;
    let chance = RandomState::new().hash_one(failed) % 1000;
    base + base * u32::try_from(chance).expect("less than a thousand") / 1000
}
