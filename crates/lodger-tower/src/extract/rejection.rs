//! What goes wrong, as a response.

use axum_core::body::Body;
use axum_core::response::{IntoResponse, Response};
use http::StatusCode;
use lodger_core::CommitError;
use lodger_http::Failure;

use crate::{SessionError, SessionRejection};

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        SessionError::from(self).into_response()
    }
}

impl IntoResponse for SessionError {
    fn into_response(self) -> Response {
        match &self {
            // The layer meets it again when it commits, and reports it then.
            Self::Failure(Failure::Commit(CommitError::Gone(_))) => {}
            Self::Failure(failure) => failure.report(),
            error => tracing::error!(%error, "the session is not as the handler expects"),
        }
        answer(self.status())
    }
}

fn answer(status: StatusCode) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    lodger_http::vary::add_cookie(response.headers_mut());
    response
}
