//! The name under which a store keeps a session.

use std::fmt;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::session_key::digest;
use crate::SessionKey;

/// The digits of base 32 (RFC 4648) in lower case, so that the hash has a name in every store.
const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// How many bytes of the hash are kept: 200 bits, more than a key of ours has.
const HASH_BYTES: usize = 25;

/// What a store sees of a key: the key itself, as in Django, or its hash.
///
/// Which of the two it is [`KeyStorage`](crate::KeyStorage) says.
///
/// Stores handle it as a secret too: `Debug` is a digest, there is no `Display`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StoredKey(Arc<str>);

impl StoredKey {
    /// The length of a hash, in characters, as many as Django's column holds.
    pub const HASH_LENGTH: usize = HASH_BYTES / 5 * 8;

    /// The hash of a key: the first 200 bits of its SHA-256, in base 32, 40 characters of `a-z2-7`.
    ///
    /// It needs no salt: a key is random, so there is no list of keys to be hashed beforehand.
    #[must_use]
    pub fn hashed(key: &SessionKey) -> Self {
        let hash = Sha256::digest(key.expose());
        let mut text = String::with_capacity(Self::HASH_LENGTH);
        for five in hash[..HASH_BYTES].chunks_exact(5) {
            let bits = five.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            let digit = |place: u32| DIGITS[usize::from((bits >> (5 * place)) as u8 & 31)];
            text.extend((0..8).rev().map(|place| char::from(digit(place))));
        }
        Self(text.into())
    }

    /// The text a store writes down; a secret.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// The key itself.
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The hashes are those of `sha256sum` through `base32`.
    #[test]
    fn a_hash_is_the_first_200_bits_of_sha_256_in_base_32() {
        for (key, hash) in HASHES {
            let key = SessionKey::parse(key, 128).unwrap();
            assert_eq!(StoredKey::hashed(&key).expose(), hash);
            assert_eq!(hash.len(), StoredKey::HASH_LENGTH);
        }
    }

    const HASHES: [(&str, &str); 3] = [
        ("0123456789abcdefghijklmnopqrstuv", "omzx6r474fynopst4jd7gbjoijb4zhbkb75gegct"),
        ("12345678", "554xzaiy6aw7wzewa7ov2p4moyrqjde4ay6vglgj"),
        ("äöüäöüäö", "bjqoox67uvrvkhzzdtlu5lvvzwvjuazrtjj5vsmd"),
    ];
}
