//! A session's own expiry.

use super::{Operation, Session};
use crate::expiry::EXPIRY_FIELD;
use crate::{EditError, Expiry, Span, StoredExpiry, Timestamp};

/// # Expiry
impl Session {
    /// Sets when this session ends; [`Expiry::Default`] goes back to what the settings say.
    ///
    /// # Errors
    ///
    /// Only [`EditError::Closed`].
    ///
    /// # Django
    ///
    /// `set_expiry`. A `timedelta` is [`Expiry::In`], a number of seconds [`Expiry::Sliding`], zero
    /// [`Expiry::AtBrowserClose`].
    pub fn set_expiry(&self, expiry: Expiry) -> Result<(), EditError> {
        let engine = &self.shared.engine;
        match expiry.to_json(engine.clock().now(), &engine.settings().date_storage) {
            Some(value) => self.apply(Operation::Set(EXPIRY_FIELD.into(), value)),
            None => self.remove(EXPIRY_FIELD).map(|_| ()),
        }
    }

    /// How long the session lives if it is saved now; negative: it has ended.
    #[must_use]
    pub fn expiry_age(&self) -> Span {
        let engine = &self.shared.engine;
        self.stored_expiry().age(engine.clock().now(), engine.settings().cookie_age)
    }

    /// The instant from which on the session is no more if it is saved now.
    #[must_use]
    pub fn expiry_date(&self) -> Timestamp {
        let engine = &self.shared.engine;
        self.stored_expiry().date(engine.clock().now(), engine.settings().cookie_age)
    }

    /// Whether the browser is to forget the session when it closes.
    #[must_use]
    pub fn expire_at_browser_close(&self) -> bool {
        self.stored_expiry().at_browser_close(self.shared.engine.settings().expire_at_browser_close)
    }

    fn stored_expiry(&self) -> StoredExpiry {
        let storage = &self.shared.engine.settings().date_storage;
        self.access(|document| StoredExpiry::of(&document.view, storage))
    }
}
