//! Message authentication with a key of its own for each purpose.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq;

/// The hash function of a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Sha1,
    Sha256,
}

/// An HMAC under the hash of a salt and a secret, its keyed state kept, so that a signature costs
/// only the message.
///
/// # Django
///
/// `utils.crypto.salted_hmac`.
#[derive(Clone)]
pub(crate) enum SaltedHmac {
    Sha1(Hmac<Sha1>),
    Sha256(Hmac<Sha256>),
}

impl SaltedHmac {
    pub(crate) fn new(algorithm: Algorithm, key_salt: &str, secret: &[u8]) -> Self {
        const ANY_LENGTH: &str = "an HMAC takes a key of any length";
        match algorithm {
            Algorithm::Sha1 => {
                let key = Sha1::new().chain_update(key_salt).chain_update(secret).finalize();
                Self::Sha1(Hmac::new_from_slice(&key).expect(ANY_LENGTH))
            }
            Algorithm::Sha256 => {
                let key = Sha256::new().chain_update(key_salt).chain_update(secret).finalize();
                Self::Sha256(Hmac::new_from_slice(&key).expect(ANY_LENGTH))
            }
        }
    }

    /// The code of a message.
    pub(crate) fn code(&self, message: &[u8]) -> Code {
        let mut bytes = [0; 32];
        let length = match self {
            Self::Sha1(keyed) => {
                let code = keyed.clone().chain_update(message).finalize().into_bytes();
                bytes[..code.len()].copy_from_slice(&code);
                code.len()
            }
            Self::Sha256(keyed) => {
                let code = keyed.clone().chain_update(message).finalize().into_bytes();
                bytes[..code.len()].copy_from_slice(&code);
                code.len()
            }
        };
        Code { bytes, length }
    }
}

/// Prints no key.
impl fmt::Debug for SaltedHmac {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SaltedHmac(redacted)")
    }
}

/// A message authentication code of at most 32 bytes.
pub(crate) struct Code {
    bytes: [u8; 32],
    length: usize,
}

impl Code {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.length]
    }
}

/// Whether two texts are equal, in a time that depends on their lengths alone.
pub(crate) fn constant_time_eq(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(code: &Code) -> String {
        code.as_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    /// Django: TestUtilsCryptoMisc.test_salted_hmac, with values of `salted_hmac(salt, value, secret)`.
    #[test]
    fn codes_are_those_of_django() {
        let sha1 = SaltedHmac::new(Algorithm::Sha1, "salt", b"secret");
        assert_eq!(hex(&sha1.code(b"value")), "a82be9ba6efe61405ee8d2e8a3781c37e103360a");
        let sha256 = SaltedHmac::new(Algorithm::Sha256, "salt", b"secret");
        assert_eq!(
            hex(&sha256.code(b"value")),
            "debaddcd9ecbaab181289870baf8af49b0af0a7050d620d1a63f1e69bd87ceb8"
        );
        // The kept state is not used up.
        assert_eq!(sha256.code(b"value").as_bytes(), sha256.code(b"value").as_bytes());
    }

    #[test]
    fn texts_of_other_length_or_content_differ() {
        assert!(constant_time_eq(b"abc", b"abc"));
        assert!(!constant_time_eq(b"abc", b"abd"));
        assert!(!constant_time_eq(b"abc", b"ab"));
    }
}
