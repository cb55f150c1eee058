//! What a store sees of a key.

use crate::{SessionKey, StoredKey};

/// What a store sees of a key: the only door from the visitor's to the store's.
///
/// # Security
///
/// Under [`Hashed`](Self::Hashed) whoever reads the store, or a copy of it, holds no key that a browser
/// could present. Going back to [`Plain`](Self::Plain) makes keys of the hashes that leaked until then:
/// remove the sessions first.
///
/// # Django
///
/// It stores keys as they are, so that sessions which are shared with it have to be
/// [`Plain`](Self::Plain).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyStorage {
    /// The key itself.
    Plain,
    /// Its hash; see [`StoredKey::hashed`].
    Hashed,
    /// Its hash, where sessions were stored under the key itself before: such a session is found, and
    /// the first write to it moves it. The visitor's key stays the same.
    ///
    /// End all processes that store keys as they are before one moves a session: they do not find it
    /// again. Once `cookie_age` has passed nothing is left to be moved, and `Hashed` saves the second
    /// look.
    MovingToHashed,
}

impl KeyStorage {
    /// Whether a key that a client presents may be one. Where hashes are stored, none that is as long
    /// as a hash is: one that leaked must not open the session that lies under it.
    #[must_use]
    pub fn admits(self, key: &SessionKey) -> bool {
        self == Self::Plain || key.expose().chars().count() != StoredKey::HASH_LENGTH
    }

    /// The name that a session is stored under.
    #[must_use]
    pub fn stored(self, key: &SessionKey) -> StoredKey {
        match self {
            Self::Plain => StoredKey::from(key),
            Self::Hashed | Self::MovingToHashed => StoredKey::hashed(key),
        }
    }

    /// The name that it may still be stored under.
    #[must_use]
    pub fn former(self, key: &SessionKey) -> Option<StoredKey> {
        (self == Self::MovingToHashed && self.admits(key)).then(|| StoredKey::from(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use KeyStorage::{Hashed, MovingToHashed, Plain};

    fn key(text: &str) -> SessionKey {
        SessionKey::parse(text, 128).unwrap()
    }

    #[test]
    fn a_session_is_stored_under_its_key_or_its_hash_and_moves_one_way() {
        let key = key("0123456789abcdefghijklmnopqrstuv");
        let (plain, hash) = (StoredKey::from(&key), StoredKey::hashed(&key));
        for (storage, stored, former) in [
            (Plain, &plain, None),
            (Hashed, &hash, None),
            (MovingToHashed, &hash, Some(plain.clone())),
        ] {
            assert_eq!((&storage.stored(&key), storage.former(&key)), (stored, former));
        }
    }

    /// Promise 12
    #[test]
    fn what_is_as_long_as_a_hash_is_no_key_where_hashes_are_stored() {
        for (text, admitted) in [
            ("a".repeat(39), true),
            ("a".repeat(40), false),
            ("A-_ 9!2b".repeat(5), false),
            ("\u{e4}".repeat(40), false),
            ("a".repeat(41), true),
            // As many bytes, and no hash.
            ("\u{e4}".repeat(20), true),
        ] {
            let key = key(&text);
            assert!(Plain.admits(&key));
            for storage in [Hashed, MovingToHashed] {
                assert_eq!(storage.admits(&key), admitted, "{text}");
            }
            assert_eq!(MovingToHashed.former(&key).is_some(), admitted, "{text}");
        }
    }
}
