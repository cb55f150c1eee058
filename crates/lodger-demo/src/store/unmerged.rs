//! The stores that are not built yet.

use anyhow::{Error, anyhow};

/// The one place that says so.
pub(super) fn unmerged(store: &str) -> Error {
    anyhow!("sessions in {store} are not built yet")
}
