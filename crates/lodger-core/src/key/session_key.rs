//! The secret that names a session.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::{Arc, OnceLock};

use crate::{InvalidSessionKey, Rng, RngError};

/// The alphabet of the keys we make.
const ALPHABET: &[u8; 36] = b"abcdefghijklmnopqrstuvwxyz0123456789";
/// The length of the keys we make: 165 bits of randomness.
const LENGTH: usize = 32;
/// The shortest text that is read as a key, in characters.
const SHORTEST: usize = 8;

/// What identifies a session to its visitor.
///
/// Whoever knows a key holds the session, so a key is a secret: `Debug` prints a short digest in
/// its place, there is no `Display`, and only [`expose`](Self::expose) gives the text.
///
/// # Django
///
/// Reading follows Django's rule, any text of at least eight characters; keys we make are, as
/// Django's, 32 characters of `a-z0-9`.
///
/// ```
/// use lodger_core::{OsRng, SessionKey};
///
/// let key = SessionKey::generate(&OsRng)?;
/// assert_eq!(key.expose().len(), 32);
/// assert!(!format!("{key:?}").contains(key.expose()));
/// assert!(SessionKey::parse("2short", 128).is_err());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct SessionKey(Arc<str>);

impl SessionKey {
    /// Reads a key of at most `longest` bytes.
    ///
    /// # Errors
    ///
    /// When the text has fewer than eight characters, more than `longest` bytes, or a NUL.
    pub fn parse(text: &str, longest: usize) -> Result<Self, InvalidSessionKey> {
        let long_enough = text.chars().nth(SHORTEST - 1).is_some();
        if text.len() <= longest && long_enough && !text.contains('\0') {
            Ok(Self(text.into()))
        } else {
            Err(InvalidSessionKey)
        }
    }

    /// Makes a fresh key, each character drawn uniformly.
    ///
    /// # Errors
    ///
    /// When `rng` gives no bytes.
    pub fn generate(rng: &dyn Rng) -> Result<Self, RngError> {
        // The largest multiple of 36 below 256: bytes from there on would favour some characters.
        const FAIR: u8 = 252;
        let mut text = String::with_capacity(LENGTH);
        let mut bytes = [0; LENGTH + LENGTH / 4];
        while text.len() < LENGTH {
            rng.fill(&mut bytes)?;
            let fair = bytes.iter().filter(|&&byte| byte < FAIR);
            text.extend(
                fair.take(LENGTH - text.len())
                    .map(|byte| char::from(ALPHABET[usize::from(byte % 36)])),
            );
        }
        Ok(Self(text.into()))
    }

    /// The text of the key, a secret: for the cookie and the store only, never for a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// Prints a digest of the key, the same within one process, that tells nothing about the key.
impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionKey(#{:08x})", digest(&self.0))
    }
}

/// A short digest under a key that lives as long as this process.
pub(super) fn digest(text: &str) -> u32 {
    static SECRET: OnceLock<RandomState> = OnceLock::new();
    (SECRET.get_or_init(RandomState::new).hash_one(text) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::OsRng;

    struct Stuck;

    impl Rng for Stuck {
        fn fill(&self, _: &mut [u8]) -> Result<(), RngError> {
            Err(RngError::new("no entropy".into()))
        }
    }

    /// Promise 7
    #[test]
    fn made_keys_are_32_characters_of_the_alphabet_and_differ() {
        let mut seen = std::collections::HashSet::new();
        for _ in 0..1000 {
            let key = SessionKey::generate(&OsRng).expect("the system has randomness");
            assert_eq!(key.expose().len(), LENGTH);
            assert!(key.expose().bytes().all(|byte| ALPHABET.contains(&byte)));
            assert!(seen.insert(key));
        }
    }

    #[test]
    fn every_character_is_as_likely_as_another() {
        let mut counts = [0u32; 36];
        for _ in 0..2000 {
            for byte in
                SessionKey::generate(&OsRng).expect("the system has randomness").expose().bytes()
            {
                counts[ALPHABET.iter().position(|&c| c == byte).expect("of the alphabet")] += 1;
            }
        }
        // 64,000 draws: 1,778 expected each, a standard deviation of 42.
        assert!(counts.iter().all(|count| (1_470..2_090).contains(count)), "{counts:?}");
    }

    #[test]
    fn no_key_is_made_without_randomness() {
        assert!(SessionKey::generate(&Stuck).is_err());
    }

    /// Django: SessionTestsMixin.test_session_key_too_short_invalid
    #[test]
    fn seven_characters_are_refused() {
        assert!(SessionKey::parse("1234567", 128).is_err());
        assert!(SessionKey::parse("äöüäöüä", 128).is_err());
    }

    /// Django: SessionTestsMixin.test_session_key_empty_string_invalid
    #[test]
    fn an_empty_text_is_refused() {
        assert!(SessionKey::parse("", 128).is_err());
    }

    /// Django: SessionTestsMixin.test_session_key_valid_string_saved
    #[test]
    fn eight_characters_are_kept() {
        assert_eq!(SessionKey::parse("12345678", 128).expect("long enough").expose(), "12345678");
        assert!(SessionKey::parse("äöüäöüäö", 128).is_ok());
    }

    #[test]
    fn a_text_too_long_or_with_nul_is_refused() {
        assert!(SessionKey::parse(&"k".repeat(128), 128).is_ok());
        assert!(SessionKey::parse(&"k".repeat(129), 128).is_err());
        assert!(SessionKey::parse("12345678\0", 128).is_err());
    }

    /// Promise 12
    #[test]
    fn debug_shows_a_digest_and_not_the_key() {
        let key = SessionKey::parse("canary-key-0123456789", 128).expect("long enough");
        let shown = format!("{key:?}");
        assert!(!shown.contains("canary"), "{shown}");
        assert_eq!(shown, format!("{:?}", key.clone()));
    }
}
