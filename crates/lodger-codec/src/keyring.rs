//! The secrets that sign, and that are believed.

use std::fmt;

use thiserror::Error;

/// The secret key is empty, so that anybody could sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret key must not be empty")]
pub struct EmptySecretKey;

/// The secret that signs, and older ones that are still believed when reading.
///
/// To change the secret without ending every session, make the new one the current key and keep
/// the old one as a fallback until the sessions it signed have expired. Nothing is signed again
/// by being read. `Debug` shows how many there are and nothing else.
///
/// # Security
///
/// Whoever knows one of these secrets can forge every session. A text counts as its UTF-8 bytes.
///
/// # Django
///
/// `SECRET_KEY` and `SECRET_KEY_FALLBACKS` (4.1 and later).
///
/// ```
/// use lodger_codec::KeyRing;
///
/// let keys = KeyRing::new("the new secret")?.with_fallback("the secret until yesterday");
/// assert_eq!(format!("{keys:?}"), "KeyRing(2 keys, redacted)");
/// assert!(KeyRing::new("").is_err());
/// # Ok::<(), lodger_codec::EmptySecretKey>(())
/// ```
#[derive(Clone)]
pub struct KeyRing {
    current: Box<[u8]>,
    fallbacks: Vec<Box<[u8]>>,
}

impl KeyRing {
    /// A ring of one secret, which signs and is believed.
    ///
    /// # Errors
    ///
    /// When the secret is empty.
    pub fn new(secret: impl Into<Vec<u8>>) -> Result<Self, EmptySecretKey> {
        let current = secret.into().into_boxed_slice();
        if current.is_empty() {
            return Err(EmptySecretKey);
        }
        Ok(Self { current, fallbacks: Vec::new() })
    }

    /// One more secret that is believed when reading, after those before it.
    ///
    /// # Django
    ///
    /// An empty fallback stands for the current key, as there.
    #[must_use]
    pub fn with_fallback(mut self, secret: impl Into<Vec<u8>>) -> Self {
        let secret = secret.into().into_boxed_slice();
        // The current key is tried anyway, so its second place would only cost time.
        if !secret.is_empty() {
            self.fallbacks.push(secret);
        }
        self
    }

    /// More secrets that are believed when reading, in this order.
    #[must_use]
    pub fn with_fallbacks<S: Into<Vec<u8>>>(self, secrets: impl IntoIterator<Item = S>) -> Self {
        secrets.into_iter().fold(self, Self::with_fallback)
    }

    /// The secrets in the order in which they are tried; the first one signs.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &[u8]> {
        std::iter::once(&*self.current).chain(self.fallbacks.iter().map(|secret| &**secret))
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = 1 + self.fallbacks.len();
        write!(f, "KeyRing({count} {}, redacted)", if count == 1 { "key" } else { "keys" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_secret_comes_first_and_the_fallbacks_keep_their_order() {
        let keys = KeyRing::new("a").unwrap().with_fallbacks(["b", "c"]).with_fallback([0xff]);
        let secrets: Vec<&[u8]> = keys.secrets().collect();
        assert_eq!(secrets, [b"a" as &[u8], b"b", b"c", &[0xff]]);
    }

    #[test]
    fn an_empty_secret_is_refused_and_an_empty_fallback_never_signs() {
        assert_eq!(KeyRing::new("").unwrap_err(), EmptySecretKey);
        let keys = KeyRing::new("a").unwrap().with_fallback("");
        assert!(keys.secrets().all(|secret| secret == b"a"));
    }

    /// Promise 12
    #[test]
    fn debug_shows_no_secret() {
        let keys = KeyRing::new("canary").unwrap().with_fallback("canary");
        assert_eq!(format!("{keys:?}"), "KeyRing(2 keys, redacted)");
    }
}
