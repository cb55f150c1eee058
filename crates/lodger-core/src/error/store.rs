//! When a store is asked.

use thiserror::Error;

/// The store failed. A missing or expired session, or a lost race, is no failure.
///
/// The text tells an operator what to do; it carries no key and no data, so a store that builds one
/// from a driver's error must not copy the driver's words where these may quote a value.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Surely nothing was applied.
    #[error("the session store is unavailable: {reason}")]
    Unavailable {
        /// What happened.
        reason: String,
    },
    /// The reply was lost: what was asked may have been applied, or may yet be, or never.
    #[error("the session store did not answer, its state is unknown: {reason}")]
    Unknown {
        /// What happened.
        reason: String,
    },
}

impl StoreError {
    /// Surely nothing was applied.
    #[must_use]
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into() }
    }

    /// May have been applied.
    #[must_use]
    pub fn unknown(reason: impl Into<String>) -> Self {
        Self::Unknown { reason: reason.into() }
    }
}
