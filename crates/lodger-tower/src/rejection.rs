//! When a request's session cannot be had.

use std::error::Error;
use std::fmt;

use http::StatusCode;
use lodger_core::LoadError;
use lodger_http::Failure;

/// The request's session could not be loaded.
///
/// It is never the same as an empty session: a handler that goes on without would take every visitor
/// for logged out.
///
/// With the feature `axum` it is a response: 503 if the store failed, 500 if there is no layer, with
/// an empty body and `Vary: Cookie`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRejection(LoadError);

impl SessionRejection {
    /// The status of the response that it becomes.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        Failure::Load(self.0.clone()).status()
    }

    /// What happened.
    #[must_use]
    pub const fn cause(&self) -> &LoadError {
        &self.0
    }
}

impl From<LoadError> for SessionRejection {
    fn from(error: LoadError) -> Self {
        Self(error)
    }
}

impl fmt::Display for SessionRejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for SessionRejection {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
