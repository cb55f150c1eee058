//! An answer that is none.

use std::borrow::Cow;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use lodger::axum::SessionRejection;
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

impl From<LoadError> for Refusal {
    fn from(error: LoadError) -> Self {
        match error {
            LoadError::Unavailable(error) => {
                tracing::error!(%error, "the session was not loaded");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            error => internal(&error),
        }
    }
}

impl From<SessionRejection> for Refusal {
    fn from(rejection: SessionRejection) -> Self {
        rejection.cause().clone().into()
    }
}

impl From<CommitError> for Refusal {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Gone(_) => Self::of_status(StatusCode::BAD_REQUEST),
            CommitError::Conflict(_) => Self::of_status(StatusCode::CONFLICT),
            CommitError::Load(error) => error.into(),
            CommitError::Unavailable(_) | CommitError::Contended => {
                tracing::error!(%error, "the session was not stored");
                Self::of_status(StatusCode::SERVICE_UNAVAILABLE)
            }
            error => internal(&error),
        }
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
