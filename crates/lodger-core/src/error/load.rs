//! When a session is loaded.

use thiserror::Error;

use crate::StoreError;

/// The session could not be loaded. That is never the same as an empty session.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The store failed.
    #[error(transparent)]
    Unavailable(#[from] StoreError),
    /// There is no session here: no layer put one into the request.
    #[error("the request carries no session: is the session layer missing?")]
    Missing,
    /// The response was sent before anybody asked for the session.
    #[error("the session was not loaded before its response was sent")]
    Closed,
}
