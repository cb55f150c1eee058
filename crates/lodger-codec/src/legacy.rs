//! The format of Django up to 3.0: base64 of a code in hexadecimal, a colon, and the payload.

use base64::Engine as _;

use crate::KeyRing;
use crate::signing::base64::{STANDARD, decode_standard};
use crate::signing::{Algorithm, SaltedHmac, constant_time_eq};

/// A SHA-1 code in hexadecimal.
const CODE: usize = 40;

/// Writes and reads rows of the legacy format.
///
/// # Django
///
/// `SessionBase.encode` and `decode` up to 3.0, `_legacy_encode` and `_legacy_decode` in 3.1 and
/// 3.2.
#[derive(Clone, Debug)]
pub(crate) struct LegacySigner {
    /// The first one signs.
    keyed: Vec<SaltedHmac>,
}

/// Why a row is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// It is no base64.
    Encoding,
    /// It holds no code at all.
    Unsigned,
    /// The code is wrong.
    Forged,
}

impl LegacySigner {
    pub(crate) fn new(keys: &KeyRing, salt: &str) -> Self {
        let keyed = |secret| SaltedHmac::new(Algorithm::Sha1, salt, secret);
        Self { keyed: keys.secrets().map(keyed).collect() }
    }

    pub(crate) fn write(&self, payload: &[u8]) -> String {
        let signer = self.keyed.first().expect("a key ring holds at least the current key");
        let mut signed = Vec::with_capacity(CODE + 1 + payload.len());
        signed.extend(code(signer, payload));
        signed.push(b':');
        signed.extend(payload);
        STANDARD.encode(signed)
    }

    pub(crate) fn read(&self, text: &str) -> Result<Vec<u8>, Refusal> {
        let mut signed = decode_standard(text).ok_or(Refusal::Encoding)?;
        let colon = signed.iter().position(|&byte| byte == b':').ok_or(Refusal::Unsigned)?;
        let (given, payload) = (&signed[..colon], &signed[colon + 1..]);
        // Django compares texts, and finds no code in what is none.
        if std::str::from_utf8(given).is_err() {
            return Err(Refusal::Unsigned);
        }
        if !self.keyed.iter().any(|keyed| constant_time_eq(given, &code(keyed, payload))) {
            return Err(Refusal::Forged);
        }
        signed.drain(..=colon);
        Ok(signed)
    }
}

fn code(keyed: &SaltedHmac, payload: &[u8]) -> [u8; CODE] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let code = keyed.code(payload);
    let mut text = [0; CODE];
    for (pair, byte) in text.chunks_exact_mut(2).zip(code.as_bytes()) {
        pair[0] = DIGITS[usize::from(byte >> 4)];
        pair[1] = DIGITS[usize::from(byte & 0xf)];
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(secret: &str) -> LegacySigner {
        let keys = KeyRing::new(secret).unwrap().with_fallback("before");
        LegacySigner::new(&keys, "django.contrib.sessionsSessionStore")
    }

    #[test]
    fn rows_are_written_and_read_with_colons_in_the_payload() {
        for payload in [&b"{}"[..], b"{\"a\":\"b:c\"}", b"", b"\xff:\x00"] {
            let row = signer("key").write(payload);
            assert_eq!(signer("key").read(&row).as_deref(), Ok(payload));
            assert_eq!(signer("other").read(&row), Err(Refusal::Forged));
            assert!(!row.contains(':'));
        }
    }

    #[test]
    fn rows_of_a_fallback_are_read() {
        let row = signer("before").write(b"{}");
        assert_eq!(signer("now").read(&row).as_deref(), Ok(&b"{}"[..]));
    }

    #[test]
    fn rows_broken_into_lines_are_read_and_cut_ones_are_not() {
        let row = signer("key").write(b"{\"a\":1}");
        let broken = format!("{}\n{}\n", &row[..20], &row[20..]);
        assert!(signer("key").read(&broken).is_ok());
        assert_eq!(signer("key").read(&row[..row.len() - 1]), Err(Refusal::Encoding));
        assert_eq!(signer("key").read(""), Err(Refusal::Unsigned));
        assert_eq!(signer("key").read("YWJjZGVm"), Err(Refusal::Unsigned));
    }

    #[test]
    fn a_code_counts_as_text() {
        let upper = STANDARD.encode([&[0xff, 0xfe, b':'][..], b"{}"].concat());
        assert_eq!(signer("key").read(&upper), Err(Refusal::Unsigned));
        let row = STANDARD.decode(signer("key").write(b"{}")).unwrap();
        let shouted = STANDARD.encode(row.to_ascii_uppercase());
        assert_eq!(signer("key").read(&shouted), Err(Refusal::Forged));
    }
}
