//! An answer that is none.

use std::borrow::Cow;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lodger::axum::SessionRejection;
use lodger::http::Failure;
use lodger::{CommitError, EditError, FieldError, LoadError};

/// Why a request is not answered as asked. The middleware for error pages makes a page of it.
#[derive(Clone, Debug)]
pub(crate) struct Refusal {
    pub(crate) status: StatusCode,
    pub(crate) message: Cow<'static, str>,
}

impl Refusal {
    pub(crate) fn new(status: StatusCode, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, message: message.into() }
    }

    /// What was typed into a form cannot be used.
    pub(crate) fn of_form(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, message)
    }

    /// For an answer that came with a status alone, such as those of the layer for sessions.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let message = match status {
            StatusCode::BAD_REQUEST => {
                "Your session was ended elsewhere while this request used it. Nothing was stored."
            }
            StatusCode::NOT_FOUND => "There is no page at this address.",
            StatusCode::METHOD_NOT_ALLOWED => "This address cannot be used in this way.",
            StatusCode::CONFLICT => {
                "Your session was changed elsewhere so that this change no longer fits. Try again."
            }
            StatusCode::SERVICE_UNAVAILABLE => {
                "The sessions cannot be reached at the moment. Nothing is lost: try again soon."
            }
            status if status.is_client_error() => "This request cannot be answered.",
            _ => "Something went wrong here. It has been noted down for the operator.",
        };
        Self::new(status, message)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Extension(self)).into_response()
    }
}

impl From<EditError> for Refusal {
    fn from(error: EditError) -> Self {
        match error {
            EditError::Field(error) => error.into(),
            EditError::Reserved { name } => {
                Self::of_form(format!("The field “{name}” belongs to Lodger."))
            }
            EditError::NotAnInteger { name }
            | EditError::NotAList { name }
            | EditError::Overflow { name } => Self::misfit(&name),
            error => internal(&error),
        }
    }
}

impl From<FieldError> for Refusal {
    fn from(error: FieldError) -> Self {
        Self::misfit(error.name())
    }
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        let status = failure.status();
        // The layer meets the client's races again when it commits, and reports them then.
        if status.is_server_error() {
            failure.report();
        }
        Self::of_status(status)
    }
}

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        Failure::from(error).into()
    }
}

impl From<SessionRejection> for Refusal {
    fn from(rejection: SessionRejection) -> Self {
        rejection.cause().clone().into()
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        Failure::from(error).into()
    }
}

impl Refusal {
    /// Somebody else, a Django site say, keeps something else under a name that the pages use.
    fn misfit(name: &str) -> Self {
        Self::new(
            StatusCode::CONFLICT,
            format!(
                "The field “{name}” of your session holds something that this page cannot use. \
                 The session page shows it; logging out removes it."
            ),
        )
    }
}

fn internal(error: &(dyn std::error::Error + 'static)) -> Refusal {
    tracing::error!(error, "a request failed");
    Refusal::of_status(StatusCode::INTERNAL_SERVER_ERROR)
}

#[cfg(test)]
mod tests {
    use lodger::{SessionInterrupted, StoreError};

    use super::*;

    #[test]
    fn a_failure_has_the_status_that_the_layer_gives_it() {
        let down = || StoreError::unavailable("down");
        for (error, status) in [
            (CommitError::Gone(SessionInterrupted), 400),
            (CommitError::Conflict(EditError::NotAList { name: "a".into() }.into()), 409),
            (CommitError::Contended, 503),
            (CommitError::Unavailable(down()), 503),
            (CommitError::Load(LoadError::Unavailable(down())), 503),
            (CommitError::Closed, 500),
        ] {
            assert_eq!(Refusal::from(error.clone()).status, status, "{error}");
        }
        assert_eq!(Refusal::from(LoadError::Unavailable(down())).status, 503);
    }
}
