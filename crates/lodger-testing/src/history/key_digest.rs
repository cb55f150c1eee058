//! What stands for a key in a history.

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

use lodger_core::SessionKey;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A digest of a session's key, the same in every process of one program: 64 bits of a secret that has
/// 165, so that nobody gets the key back from it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyDigest(u64);

impl KeyDigest {
    /// The digest of a key.
    #[must_use]
    pub fn of(key: &SessionKey) -> Self {
        // Not `RandomState`, whose secret differs between processes.
        let mut hasher = DefaultHasher::new();
        key.expose().hash(&mut hasher);
        Self(hasher.finish())
    }
}

impl fmt::Display for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for KeyDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeyDigest({self})")
    }
}

impl Serialize for KeyDigest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for KeyDigest {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let digest = u64::from_str_radix(&text, 16);
        digest.map(Self).map_err(|_| de::Error::custom("a digest of a key is a hexadecimal number"))
    }
}
