//! Text with a signature behind its last colon.

use base64::Engine as _;

use super::base64::URL_SAFE_NO_PAD;
use super::salted_hmac::{Algorithm, Code, SaltedHmac, constant_time_eq};
use crate::KeyRing;

/// A SHA-256 code in base64 without padding.
const LONGEST: usize = 43;

/// Signs texts for one purpose, its salt, and tells which ones it has signed.
///
/// # Django
///
/// `core.signing.Signer`; the separator is always a colon.
#[derive(Clone, Debug)]
pub(crate) struct Signer {
    current: SaltedHmac,
    fallbacks: Vec<SaltedHmac>,
}

impl Signer {
    pub(crate) fn new(keys: &KeyRing, salt: &str, algorithm: Algorithm) -> Self {
        let key_salt = format!("{salt}signer");
        let mut keyed = keys.secrets().map(|key| SaltedHmac::new(algorithm, &key_salt, key));
        let current = keyed.next().expect("a key ring holds at least the current key");
        Self { current, fallbacks: keyed.collect() }
    }

    /// Appends a colon and the signature of what is there.
    pub(crate) fn sign(&self, value: &mut String) {
        let code = self.current.code(value.as_bytes());
        value.push(':');
        URL_SAFE_NO_PAD.encode_string(code.as_bytes(), value);
    }

    /// The signed value, without its signature; `None` if none of the keys signed it.
    pub(crate) fn unsign<'a>(&self, signed: &'a str) -> Option<&'a str> {
        // As text: a padded signature, or one in another alphabet or case, is none.
        let (value, signature) = signed.rsplit_once(':')?;
        std::iter::once(&self.current)
            .chain(&self.fallbacks)
            .any(|keyed| is_code(signature, &keyed.code(value.as_bytes())))
            .then_some(value)
    }
}

fn is_code(signature: &str, code: &Code) -> bool {
    let mut text = [0; LONGEST];
    let length = URL_SAFE_NO_PAD
        .encode_slice(code.as_bytes(), &mut text)
        .expect("a code fits into the longest signature");
    constant_time_eq(signature.as_bytes(), &text[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secret: &str) -> KeyRing {
        KeyRing::new(secret).unwrap()
    }

    fn signed(signer: &Signer, value: &str) -> String {
        let mut text = value.to_owned();
        signer.sign(&mut text);
        text
    }

    /// Django: TestSigner.test_sign_unsign
    #[test]
    fn what_was_signed_is_unsigned_and_nothing_else_is() {
        for algorithm in [Algorithm::Sha1, Algorithm::Sha256] {
            let signer = Signer::new(&keys("predictable-secret"), "salt", algorithm);
            for value in ["", "hello", "3098247:529:087:", "\u{2019}"] {
                let text = signed(&signer, value);
                assert_eq!(signer.unsign(&text), Some(value));
                for other in [
                    format!("{text}="),
                    format!("{text}\n"),
                    format!(" {text}"),
                    format!("x{text}"),
                    text.to_uppercase(),
                    value.to_owned(),
                    text[..text.len() - 1].to_owned(),
                ] {
                    assert_eq!(signer.unsign(&other), None, "{other}");
                }
            }
        }
    }

    /// Promise 15
    #[test]
    fn a_signature_holds_for_its_salt_algorithm_and_key_only() {
        let text = signed(&Signer::new(&keys("k"), "salt", Algorithm::Sha256), "v");
        for other in [
            Signer::new(&keys("k"), "other", Algorithm::Sha256),
            Signer::new(&keys("k"), "salt", Algorithm::Sha1),
            Signer::new(&keys("l"), "salt", Algorithm::Sha256),
        ] {
            assert_eq!(other.unsign(&text), None);
        }
    }

    /// Django: TestSigner.test_verify_with_non_default_key, test_sign_unsign_multiple_keys
    #[test]
    fn fallbacks_are_believed_and_do_not_sign() {
        let old = Signer::new(&keys("old"), "salt", Algorithm::Sha256);
        let new = Signer::new(&keys("new"), "salt", Algorithm::Sha256);
        let ring = keys("new").with_fallback("older").with_fallback("old");
        let both = Signer::new(&ring, "salt", Algorithm::Sha256);
        assert_eq!(both.unsign(&signed(&old, "v")), Some("v"));
        assert_eq!(signed(&both, "v"), signed(&new, "v"));
        assert_eq!(old.unsign(&signed(&both, "v")), None);
    }
}
