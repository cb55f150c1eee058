//! Logging in and out, by name only: this is a demo.

use axum::response::Redirect;
use lodger::axum::Session;
use serde::Deserialize;

use crate::form::{Form, typed};
use crate::refusal::Refusal;
use crate::visitor::{NAME_FIELD, Visitor};

/// The longest name, in characters.
pub(crate) const LONGEST_NAME: usize = 50;

#[derive(Deserialize)]
pub(crate) struct LoggingIn {
    name: String,
}

/// Changes the key, so that whoever knew it before is not logged in too, and keeps the data: the
/// basket that an anonymous visitor filled is theirs.
///
/// # Django
///
/// `login()`: somebody else's session is not taken over but ended.
pub(crate) async fn log_in(
    session: Session,
    Form(LoggingIn { name }): Form<LoggingIn>,
) -> Result<Redirect, Refusal> {
    let name = typed(&name, "your name", LONGEST_NAME)?;
    if Visitor::of(&session).user_name.is_some_and(|held| held != name) {
        session.flush()?;
    } else {
        session.cycle_key()?;
    }
    session.insert(NAME_FIELD, name)?;
    Ok(Redirect::to("/"))
}

/// Ends the session, with everything in it.
pub(crate) async fn log_out(session: Session) -> Result<Redirect, Refusal> {
    session.flush()?;
    Ok(Redirect::to("/"))
}
