//! What a failure means to the client.

use http::StatusCode;
use lodger_core::{CommitError, LoadError};
use thiserror::Error;

use crate::CookieError;

/// The session could not be given to the handler, or not be stored with the response.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Failure {
    /// It could not be loaded.
    #[error(transparent)]
    Load(#[from] LoadError),
    /// It could not be stored.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// It was stored, but no cookie can carry it.
    #[error(transparent)]
    Cookie(#[from] CookieError),
}

impl Failure {
    /// The status of our own answer.
    ///
    /// 400: the session was ended elsewhere. 409: it was changed elsewhere so that this change does
    /// not apply. 503: the store is down, or too much is going on; try again. 500: anything else.
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        match self {
            Self::Commit(CommitError::Gone(_)) => StatusCode::BAD_REQUEST,
            Self::Commit(CommitError::Conflict(_)) => StatusCode::CONFLICT,
            Self::Load(LoadError::Unavailable(_))
            | Self::Commit(
                CommitError::Load(LoadError::Unavailable(_))
                | CommitError::Unavailable(_)
                | CommitError::Contended,
            ) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Tells the operator, once: an error if it is ours, a warning if the client met a race.
    pub fn report(&self) {
        let status = self.status().as_u16();
        let what = match self {
            Self::Load(_) => "the session was not loaded",
            Self::Commit(_) => "the session was not stored",
            Self::Cookie(_) => "the session's cookie was not set",
        };
        if status < 500 {
            tracing::warn!(status, error = %self, "{what}");
        } else {
            tracing::error!(status, error = %self, "{what}");
        }
    }
}
