//! When a session is committed.

use thiserror::Error;

use crate::{EditError, EncodeError, LoadError, RngError, StoreError};

/// The session was deleted or ended elsewhere after this request had loaded it, by a logout say.
///
/// # Django
///
/// `SessionInterrupted`, and the `UpdateError` under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the session was ended elsewhere while this request used it")]
pub struct SessionInterrupted;

/// The session was changed elsewhere after this request had loaded it, so that what the request did is
/// not stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionConflict {
    /// What is stored is not what was loaded, under [`OnConflict::Strict`](crate::OnConflict::Strict).
    #[error("the session was changed elsewhere after this request had loaded it")]
    Changed,
    /// The change cannot be applied to what is stored now.
    #[error("the session was changed elsewhere, and this change does not apply to it")]
    Edit(#[from] EditError),
}

/// A commit failed. But for `Unknown`, nothing of it was stored.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CommitError {
    /// The session is no more.
    #[error(transparent)]
    Gone(#[from] SessionInterrupted),
    /// The session was changed elsewhere, in a way that this change does not bear.
    #[error(transparent)]
    Conflict(#[from] SessionConflict),
    /// Others kept changing the session until the deadline.
    #[error("the session was changed by others until the deadline")]
    Contended,
    /// The session could not be loaded first.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The store failed and surely nothing was stored (a flush before it may have been carried out).
    #[error(transparent)]
    Unavailable(StoreError),
    /// The store's reply was lost: the change may have been stored, or not.
    #[error(transparent)]
    Unknown(StoreError),
    /// The data cannot be written, being too large for instance.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// No key could be made.
    #[error(transparent)]
    Rng(#[from] RngError),
    /// The session was committed with its response already.
    #[error("the session was already committed with its response")]
    Closed,
}

impl From<StoreError> for CommitError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Unknown { .. } => Self::Unknown(error),
            StoreError::Unavailable { .. } => Self::Unavailable(error),
        }
    }
}
