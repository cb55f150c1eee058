//! What becomes of the session and its cookie.

use lodger_core::Facts;

/// What is decided upon, besides the session itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Inputs {
    /// What the handler did with the session, sampled once, before anything else.
    pub facts: Facts,
    /// Whether the request carried our cookie, whatever stood in it.
    pub presented: bool,
    /// Whether the response's status is 500 or above.
    pub server_error: bool,
    /// The setting of this name.
    pub save_every_request: bool,
}

/// What to do with the session and the cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing is stored and no cookie set, but for that of a session which the
    /// handler saved itself and whose key the browser does not have yet.
    Leave,
    /// A session that was only read is renewed, and the cookie with it. If others were faster, nothing
    /// happens.
    Touch,
    /// The session is stored, and the cookie set if there is anything to remember.
    Save,
    /// The cookie is removed. A session that was ended is deleted, and nothing else stored.
    Delete,
}

/// What is done once the handler has answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What to do with the session and the cookie.
    pub action: Action,
    /// Whether the response depends on the cookie, which caches are to know.
    pub vary: bool,
}

/// Decides what becomes of the session and its cookie.
///
/// 1. The request carried the cookie and the session is empty: the cookie is removed, whatever the
///    status. On a server error a session that was ended counts as empty, whatever was put into the
///    new one since: ending holds, what followed is dropped.
/// 2. Otherwise, if the session was modified or every request is to be saved, the session is not
///    empty, and the response is no server error: it is saved.
/// 3. Otherwise, if the session was looked at, is due to be renewed, and the response is no server
///    error: it is touched.
/// 4. Otherwise everything is left as it is.
///
/// The response varies if the session was accessed, and whenever the cookie is set or removed.
///
/// # Django
///
/// `SessionMiddleware.process_response` of 6.1. There an unknown key that meets a `clear`, a `save`
/// or save-every-request makes a record or ends in a 400; here the engine finds nothing to store
/// then, and neither record nor cookie comes of it. There is no idle limit there, and so no touch.
///
/// ```
/// use lodger_core::Facts;
/// use lodger_http::{Action, Inputs, decide};
///
/// let logged_out = Facts { accessed: true, modified: true, empty: true, flushed: true, due: false };
/// let inputs = Inputs { facts: logged_out, presented: true, ..Inputs::default() };
/// assert_eq!(decide(inputs).action, Action::Delete);
/// assert!(decide(inputs).vary);
/// ```
#[must_use]
pub const fn decide(inputs: Inputs) -> Decision {
    let Inputs { facts, presented, server_error, save_every_request } = inputs;
    let empty = facts.empty || (server_error && facts.flushed);
    if presented && empty {
        Decision { action: Action::Delete, vary: true }
    } else if (facts.modified || save_every_request) && !empty && !server_error {
        Decision { action: Action::Save, vary: true }
    } else if facts.due && !empty && !server_error {
        Decision { action: Action::Touch, vary: true }
    } else {
        Decision { action: Action::Leave, vary: facts.accessed }
    }
}
