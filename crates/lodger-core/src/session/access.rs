//! Reading a session.

use serde::de::DeserializeOwned;

use super::document::Document;
use super::{RESERVED_FIELD, Session};
use crate::{FieldError, JsonText, SessionDict};

/// The field and value that tell whether a visitor's browser takes cookies.
pub(super) const TEST_COOKIE: (&str, &str) = ("testcookie", "worked");

/// # Reading
impl Session {
    /// Decodes a field as a type; `None` if there is no such field.
    ///
    /// # Errors
    ///
    /// When the field holds something else than this type.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, FieldError> {
        // Decoding runs the user's code, so the lock is released before.
        let value = self.get_json(name);
        value
            .map(|value| value.decode().map_err(|problem| FieldError::new(name, problem)))
            .transpose()
    }

    /// A field's value as JSON text; `None` if there is no such field.
    #[must_use]
    pub fn get_json(&self, name: &str) -> Option<JsonText> {
        self.access(|document| document.view.get_json(name).cloned())
            .filter(|_| name != RESERVED_FIELD)
    }

    /// Whether there is a field of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.get_json(name).is_some()
    }

    /// The names of the fields, in the order of their insertion.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.fields().iter().map(|(name, _)| name.to_owned()).collect()
    }

    /// All fields with their values, as they are now.
    ///
    /// # Django
    ///
    /// `items()`, though as a copy.
    #[must_use]
    pub fn fields(&self) -> SessionDict {
        self.access(Document::visible)
    }

    /// Whether the test cookie that an earlier response set came back.
    #[must_use]
    pub fn test_cookie_worked(&self) -> bool {
        let (name, value) = TEST_COOKIE;
        self.get::<String>(name).is_ok_and(|held| held.as_deref() == Some(value))
    }
}
