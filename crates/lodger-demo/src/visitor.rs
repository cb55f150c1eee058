//! Who is visiting.

use lodger::core::Session;
use serde::Serialize;

/// The field that says under which name a visitor logged in here.
pub(crate) const NAME_FIELD: &str = "demo_user";

/// Django's field for the primary key of who logged in there.
const DJANGO_USER_FIELD: &str = "_auth_user_id";

/// What the session knows of its visitor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Visitor {
    /// Who they are at the Django site that shares the sessions.
    pub(crate) user_id: Option<String>,
    /// Under which name they logged in here.
    pub(crate) user_name: Option<String>,
}

impl Visitor {
    pub(crate) fn of(session: &Session) -> Self {
        Self { user_id: text(session, DJANGO_USER_FIELD), user_name: text(session, NAME_FIELD) }
    }

    /// What to call them; `None`: nobody knows.
    pub(crate) fn called(&self) -> Option<String> {
        let at_django = || self.user_id.as_ref().map(|id| format!("user {id} of the Django site"));
        self.user_name.clone().or_else(at_django)
    }
}

/// A field as text. Django writes a text here; a site that wrote a number meant the same.
fn text(session: &Session, name: &str) -> Option<String> {
    let json = session.get_json(name)?;
    Some(json.decode().unwrap_or_else(|_| json.as_str().to_owned()))
}
