//! A session's own expiry.

use super::{Operation, Session};
use crate::expiry::EXPIRY_FIELD;
use crate::{EditError, Expiry, Lifetime, Span, StoredExpiry, Timestamp};

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

    /// How long the session lives if it is saved now, within the limits of the settings and its own;
    /// negative: it has ended.
    #[must_use]
    pub fn expiry_age(&self) -> Span {
        self.lifetime().age()
    }

    /// The instant from which on the session is no more if it is saved now, within the limits.
    #[must_use]
    pub fn expiry_date(&self) -> Timestamp {
        self.lifetime().date()
    }

    /// Whether the browser is to forget the session when it closes.
    #[must_use]
    pub fn expire_at_browser_close(&self) -> bool {
        let settings = self.shared.engine.settings();
        let own = self.access(|document| StoredExpiry::of(&document.view, &settings.date_storage));
        own.at_browser_close(settings.expire_at_browser_close)
    }

    fn lifetime(&self) -> Lifetime {
        let engine = &self.shared.engine;
        let now = engine.clock().now();
        self.access(|document| Lifetime::of(&document.view, engine.settings(), now))
    }
}
