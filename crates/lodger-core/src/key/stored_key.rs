//! The name under which a store keeps a session.

use std::fmt;
use std::sync::Arc;

use super::session_key::digest;
use crate::SessionKey;

/// What a store sees of a key: the key itself, as in Django.
///
/// Stores handle it as a secret too: `Debug` is a digest, there is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoredKey(Arc<str>);

impl StoredKey {
    /// The text a store writes down; a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<&SessionKey> for StoredKey {
    fn from(key: &SessionKey) -> Self {
        Self(key.expose().into())
    }
}

/// For stores, which read keys back from where they wrote them.
impl From<String> for StoredKey {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

/// Prints a digest of the key, the same within one process, that tells nothing about the key.
impl fmt::Debug for StoredKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "StoredKey(#{:08x})", digest(&self.0))
    }
}
