//! What a handler answers when its session fails it.

use http::StatusCode;
use lodger_core::{CommitError, EditError, FieldError, LoadError};
use lodger_http::Failure;
use thiserror::Error;

use crate::SessionRejection;

/// Whatever can go wrong with a session in a handler, so that one `?` serves all of it.
///
/// With the feature `axum` it is a response with an empty body and `Vary: Cookie`: for a session that
/// could not be loaded or stored, the status that the layer would answer with; for a field that holds
/// something else than the handler expects, 500. A response of 500 and above stores nothing.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SessionError {
    /// The session could not be loaded or stored.
    #[error(transparent)]
    Failure(#[from] Failure),
    /// A field could not be read.
    #[error(transparent)]
    Field(#[from] FieldError),
    /// An edit was refused.
    #[error(transparent)]
    Edit(#[from] EditError),
}

impl SessionError {
    /// The status of the response that it becomes.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Failure(failure) => failure.status(),
            Self::Field(_) | Self::Edit(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl From<LoadError> for SessionError {
    fn from(error: LoadError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<CommitError> for SessionError {
    fn from(error: CommitError) -> Self {
        Self::Failure(error.into())
    }
}

impl From<SessionRejection> for SessionError {
    fn from(rejection: SessionRejection) -> Self {
        rejection.cause().clone().into()
    }
}
