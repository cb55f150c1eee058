//! The bytes of our cookie.

use std::fmt;
use std::sync::Arc;

use crate::{InvalidSessionKey, SessionKey};

/// The value of the session cookie, unquoted, in the bytes it came as.
///
/// An engine with a store reads a [`SessionKey`] in it; for signed cookies it is the data itself.
/// It is a secret either way: `Debug` shows its length only.
#[derive(Clone, PartialEq, Eq)]
pub struct CookieValue(Arc<[u8]>);

impl CookieValue {
    /// Takes the bytes as they are.
    #[must_use]
    pub fn new(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes; a secret.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Reads the bytes as a key of at most `longest` bytes.
    ///
    /// # Errors
    ///
    /// When they are no UTF-8 or have not the shape of a key.
    pub fn session_key(&self, longest: usize) -> Result<SessionKey, InvalidSessionKey> {
        let text = std::str::from_utf8(&self.0).map_err(|_| InvalidSessionKey)?;
        SessionKey::parse(text, longest)
    }
}

impl From<&SessionKey> for CookieValue {
    fn from(key: &SessionKey) -> Self {
        Self(key.expose().as_bytes().into())
    }
}

impl fmt::Debug for CookieValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CookieValue({} bytes)", self.0.len())
    }
}

/// What a request brought under the name of our cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presented {
    /// No cookie of this name.
    Absent,
    /// A cookie of this name; whether it means anything is for the engine to say.
    Value(CookieValue),
}

impl Presented {
    /// The value, if there is one.
    #[must_use]
    pub fn value(&self) -> Option<&CookieValue> {
        match self {
            Self::Absent => None,
            Self::Value(value) => Some(value),
        }
    }
}
