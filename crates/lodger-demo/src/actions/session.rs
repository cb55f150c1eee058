//! What the session page changes.

use axum::response::Redirect;
use lodger::axum::Session;
use lodger::{Expiry, Span};
use serde::Deserialize;

use super::basket;
use crate::form::{Form, typed};
use crate::pages::home::VISITS_FIELD;
use crate::refusal::Refusal;
use crate::visitor::NAME_FIELD;

/// The longest name of a field and its longest value, in characters.
pub(crate) const LONGEST_FIELD_NAME: usize = 50;
pub(crate) const LONGEST_VALUE: usize = 500;

/// How many fields a visitor may fill.
const MOST_FIELDS: usize = 100;

/// Ten years, in seconds.
pub(crate) const LONGEST_LIFE: i64 = 315_360_000;

#[derive(Deserialize)]
pub(crate) struct Setting {
    name: String,
    value: String,
}

/// Sets a field to a text.
pub(crate) async fn set_field(
    session: Session,
    Form(Setting { name, value }): Form<Setting>,
) -> Result<Redirect, Refusal> {
    let name = typed(&name, "the name of a field", LONGEST_FIELD_NAME)?;
    if value.chars().nth(LONGEST_VALUE).is_some() {
        let message = format!("Please keep the value to {LONGEST_VALUE} characters.");
        return Err(Refusal::of_form(message));
    }
    // Such names are how frameworks say who is logged in, `_auth_user_id` for one.
    if name.starts_with('_') {
        let message = "Names that begin with an underscore belong to frameworks.";
        return Err(Refusal::of_form(message));
    }
    if [VISITS_FIELD, basket::FIELD, NAME_FIELD].contains(&name) {
        return Err(Refusal::of_form(format!("The field “{name}” is kept by the other pages.")));
    }
    let fields = session.fields();
    if !fields.contains(name) && fields.len() >= MOST_FIELDS {
        return Err(Refusal::of_form(format!("Your session has {MOST_FIELDS} fields already.")));
    }
    session.insert(name, &value)?;
    Ok(Redirect::to("/session"))
}

#[derive(Deserialize)]
pub(crate) struct Expiring {
    seconds: String,
}

/// Sets when the session ends.
pub(crate) async fn set_expiry(
    session: Session,
    Form(Expiring { seconds }): Form<Expiring>,
) -> Result<Redirect, Refusal> {
    let expiry = asked(&seconds)?;
    session.set_expiry(expiry)?;
    Ok(Redirect::to("/session"))
}

/// What an answer in the form asks for.
fn asked(seconds: &str) -> Result<Expiry, Refusal> {
    match (seconds.trim(), seconds.trim().parse()) {
        ("", _) => Ok(Expiry::Default),
        (_, Ok(0)) => Ok(Expiry::AtBrowserClose),
        (_, Ok(seconds @ 1..=LONGEST_LIFE)) => Ok(Expiry::Sliding(Span::from_secs(seconds))),
        _ => Err(Refusal::of_form(format!(
            "Please type a whole number of seconds up to {LONGEST_LIFE} (ten years), 0, or nothing."
        ))),
    }
}

/// Gives the session a fresh key.
pub(crate) async fn cycle(session: Session) -> Result<Redirect, Refusal> {
    session.cycle_key()?;
    Ok(Redirect::to("/session"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_read_as_django_means_them() {
        assert_eq!(asked(" ").unwrap(), Expiry::Default);
        assert_eq!(asked("0").unwrap(), Expiry::AtBrowserClose);
        assert_eq!(asked("90 ").unwrap(), Expiry::Sliding(Span::from_secs(90)));
        for text in ["-1", "1.5", "soon", "315360001", "99999999999999999999"] {
            assert!(asked(text).is_err(), "{text}");
        }
    }
}
