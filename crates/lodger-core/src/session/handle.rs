//! The handle that a request works with.

use std::fmt;
use std::sync::Arc;

use super::document::Document;
use super::shared::Shared;
use super::state::Phase;
use super::{Operation, RESERVED_FIELD};
use crate::{EditError, SessionKey};

/// A visitor's session, loaded, in a request.
///
/// Reading and editing need no `await`. What is done is remembered as a [`Patch`](crate::Patch) and
/// stored when the response is decided, or by [`save`](Self::save); until then everything shown is
/// provisional, and concurrent requests on the same session merge. Clones are the same session.
///
/// A request that never touches its session costs no call to the store, and a visitor for whom
/// nothing was ever stored leaves no trace (promise 11).
///
/// # Security
///
/// Change the key with [`cycle_key`](Self::cycle_key) whenever a visitor's privileges change, at
/// login above all, and end the session with [`flush`](Self::flush) at logout.
///
/// # Django
///
/// `request.session`. Three things differ: edits return a `Result`, since a session cannot be
/// edited once its response has been sent; `cycle_key` and `flush` take effect when the session is
/// committed; there is no `create`.
#[derive(Clone)]
pub struct Session {
    pub(super) shared: Arc<Shared>,
}

impl Session {
    /// Looks at the loaded document, which counts as access.
    pub(super) fn access<R>(&self, look: impl FnOnce(&Document) -> R) -> R {
        let mut state = self.shared.lock();
        state.accessed |= matches!(state.phase, Phase::Open(_));
        look(state.phase.document().expect("a Session is only made of a loaded handle"))
    }

    /// Changes the loaded document, which counts as access.
    pub(super) fn edit<R>(
        &self,
        change: impl FnOnce(&mut Document) -> Result<Edited<R>, EditError>,
    ) -> Result<R, EditError> {
        let mut state = self.shared.lock();
        let document = state.phase.editable().ok_or(EditError::Closed)?;
        document.edits += 1;
        let edited = change(document);
        state.accessed = true;
        let edited = edited?;
        state.modified |= edited.modified;
        Ok(edited.value)
    }

    pub(super) fn apply(&self, operation: Operation) -> Result<(), EditError> {
        self.edit(|document| document.apply(operation).map(Edited::modified))
    }

    /// Whether the handler looked at the session or changed it.
    #[must_use]
    pub fn accessed(&self) -> bool {
        self.shared.lock().accessed
    }

    /// Whether the handler changed the session.
    #[must_use]
    pub fn modified(&self) -> bool {
        self.shared.lock().modified
    }

    /// Whether the session has neither key nor data; asking is no access.
    ///
    /// A session whose fields were all removed still has its key, and is not empty. Before the first
    /// access a key that was presented counts, whether or not anything is stored under it.
    ///
    /// # Security
    ///
    /// Since asking is no access, a response that depends on the answer alone does not vary on the
    /// cookie: look at a field first, or set `Vary: Cookie`.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.shared.is_empty(&self.shared.lock())
    }

    /// The session's key, `None` for one that is not stored yet; asking is no access.
    ///
    /// Before the first access it is the key that the visitor presented, whether or not anything
    /// is stored under it. After `cycle_key` it is the old one until the commit.
    ///
    /// # Security
    ///
    /// As with [`is_empty`](Self::is_empty), the response does not vary for it.
    #[must_use]
    pub fn session_key(&self) -> Option<SessionKey> {
        self.shared.session_key()
    }
}

/// Shows the names of the fields and no values.
impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.shared.lock();
        let view = state.phase.document().map(|document| document.visible());
        f.debug_struct("Session")
            .field("accessed", &state.accessed)
            .field("modified", &state.modified)
            .field("fields", &view)
            .finish_non_exhaustive()
    }
}

/// What an edit gives back, and whether it was one.
pub(super) struct Edited<R> {
    value: R,
    modified: bool,
}

impl<R> Edited<R> {
    pub(super) const fn modified(value: R) -> Self {
        Self { value, modified: true }
    }

    pub(super) const fn unmodified(value: R) -> Self {
        Self { value, modified: false }
    }
}

/// Refuses the field that is ours.
pub(super) fn unreserved(name: &str) -> Result<(), EditError> {
    if name == RESERVED_FIELD { Err(EditError::Reserved { name: name.into() }) } else { Ok(()) }
}
