//! When a key is read or made.

use thiserror::Error;

/// A text has not the shape of a session key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("not a session key: fewer than eight characters, too long, or with a NUL")]
pub struct InvalidSessionKey;

/// The source of randomness gave no bytes, so no key was made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("no randomness for a session key: {reason}")]
pub struct RngError {
    reason: String,
}

impl RngError {
    /// With the source's own words.
    #[must_use]
    pub fn new(reason: String) -> Self {
        Self { reason }
    }
}
