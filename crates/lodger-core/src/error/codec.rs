//! When data are encoded or decoded.

use thiserror::Error;

use crate::JsonError;

/// Data were not signed by any of our keys: forged, damaged, or signed with a secret we do not have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the session data carry no valid signature")]
pub struct SuspiciousSession;

/// Stored data cannot be decoded; the session counts as empty.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// The signature is missing or wrong.
    #[error(transparent)]
    Suspicious(#[from] SuspiciousSession),
    /// The signature is right, but what it covers is not in the format: the part named is wrong.
    #[error("the session data are malformed: {part}")]
    Malformed {
        /// Which part of the format.
        part: &'static str,
    },
    /// The signature is right, but the content is no session's.
    #[error("the session data hold no session: {0}")]
    Content(#[from] JsonError),
    /// The data, or what they inflate to, are larger than allowed.
    #[error("the session data exceed {limit} bytes")]
    TooLarge {
        /// The bound, in bytes.
        limit: usize,
    },
}

/// A session's data cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EncodeError {
    /// The encoded data would be larger than allowed.
    #[error("the encoded session data take {size} bytes of at most {limit}")]
    TooLarge {
        /// What they would take, in bytes.
        size: usize,
        /// The bound, in bytes.
        limit: usize,
    },
    /// The codec cannot express the data, or lacks what it needs for it.
    #[error("the session data cannot be encoded: {reason}")]
    Unsupported {
        /// Why.
        reason: String,
    },
}
