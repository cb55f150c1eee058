//! A form that was sent.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::DeserializeOwned;

use crate::refusal::Refusal;

/// The fields of a form, or a refusal that says in plain words what is wrong with it.
pub(crate) struct Form<T>(pub(crate) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Form<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refusal> {
        match axum::Form::from_request(request, state).await {
            Ok(axum::Form(fields)) => Ok(Self(fields)),
            Err(rejection) => Err(refusal(&rejection)),
        }
    }
}

fn refusal(rejection: &FormRejection) -> Refusal {
    let message = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => "That is too much for this form.",
        StatusCode::UNSUPPORTED_MEDIA_TYPE => "This address takes a form.",
        _ => "The form is incomplete, or holds something that does not belong there.",
    };
    Refusal::new(rejection.status(), message)
}

/// A text that somebody typed, without blanks around it: neither empty nor longer than so many
/// characters.
pub(crate) fn typed<'a>(text: &'a str, what: &str, longest: usize) -> Result<&'a str, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return Err(Refusal::of_form(format!("Please type {what}.")));
    }
    if text.chars().nth(longest).is_some() {
        return Err(Refusal::of_form(format!("Please keep {what} to {longest} characters.")));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_trimmed_and_bounded() {
        assert_eq!(typed("  tea ", "a drink", 3).unwrap(), "tea");
        assert_eq!(typed("äöü", "a drink", 3).unwrap(), "äöü");
        let refused = |text| typed(text, "a drink", 3).unwrap_err().message;
        assert_eq!(refused(" \t"), "Please type a drink.");
        assert_eq!(refused("milk"), "Please keep a drink to 3 characters.");
    }
}
