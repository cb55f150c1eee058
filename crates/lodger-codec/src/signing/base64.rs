//! Base64 as Python writes it, and as leniently as Python reads it.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

pub(crate) use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

/// Python ignores the bits that stand over in the last character.
const URL_SAFE_UNPADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);

const STANDARD_PADDED: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireCanonical),
);

/// Reads a body of the modern format; `None` where Python raises an error.
///
/// As Django's `b64_decode`: padding is added by the *length* of the text, other characters
/// included, and both alphabets are read.
pub(crate) fn decode_url_safe(text: &str) -> Option<Vec<u8>> {
    if let Ok(bytes) = URL_SAFE_UNPADDED.decode(text) {
        return Some(bytes);
    }
    let padding = text.len().wrapping_neg() % 4;
    lenient(text.bytes().chain(std::iter::repeat_n(b'=', padding)), |byte| match byte {
        b'-' => Some(62),
        b'_' => Some(63),
        byte => standard(byte),
    })
}

/// Reads a row of the legacy format; `None` where Python raises an error.
pub(crate) fn decode_standard(text: &str) -> Option<Vec<u8>> {
    STANDARD_PADDED.decode(text).ok().or_else(|| lenient(text.bytes(), standard))
}

/// As `binascii.a2b_base64`: what is not in the alphabet is skipped, a complete padding ends the
/// text, and an incomplete group at its end is an error.
fn lenient(text: impl Iterator<Item = u8>, value: impl Fn(u8) -> Option<u32>) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.size_hint().0 / 4 * 3);
    // The group of four characters that is being read.
    let (mut group, mut place, mut padding) = (0, 0, 0);
    for byte in text {
        if byte == b'=' {
            if place >= 2 {
                padding += 1;
                if place + padding >= 4 {
                    return Some(bytes);
                }
            }
            continue;
        }
        let Some(value) = value(byte) else { continue };
        padding = 0;
        group = group << 6 | value;
        place = (place + 1) % 4;
        match place {
            2 => bytes.push((group >> 4) as u8),
            3 => bytes.push((group >> 2) as u8),
            0 => bytes.push(group as u8),
            _ => {}
        }
    }
    (place == 0).then_some(bytes)
}

fn standard(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => return None,
    };
    Some(value.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each row as CPython's `binascii.a2b_base64` answers it.
    #[test]
    fn the_standard_alphabet_is_read_as_leniently_as_python_does() {
        for (text, bytes) in [
            ("", Some(&b""[..])),
            ("YWJj", Some(b"abc")),
            ("YWI=", Some(b"ab")),
            ("YQ==", Some(b"a")),
            ("YR==", Some(b"a")),
            ("Y W\nJ!j", Some(b"abc")),
            ("éYWJj€", Some(b"abc")),
            ("YW-_Jj", Some(b"abc")),
            ("YWI", None),
            ("YQ", None),
            ("Y", None),
            ("YQ=", None),
            ("Y===", None),
            ("YWI==", Some(b"ab")),
            ("YQ==YQ==", Some(b"a")),
            ("YQ=!=", Some(b"a")),
            ("YQ=x=", Some(b"a\x0c")),
            ("YQ=xYQ==", None),
            ("=YWJj", Some(b"abc")),
            ("====", Some(b"")),
        ] {
            assert_eq!(decode_standard(text).as_deref(), bytes, "{text}");
        }
    }

    /// Each row as Django's `signing.b64_decode` answers it.
    #[test]
    fn padding_of_a_body_follows_from_its_length() {
        for (text, bytes) in [
            ("YWI", Some(&b"ab"[..])),
            ("YQ", Some(b"a")),
            ("YQ==", Some(b"a")),
            ("Y", None),
            ("_-8", Some(b"\xff\xef")),
            ("/+8", Some(b"\xff\xef")),
            ("!YWJj", Some(b"abc")),
            (".YWI", None),
            ("YWI.", None),
            ("YQ...", Some(b"a")),
            ("", Some(b"")),
        ] {
            assert_eq!(decode_url_safe(text).as_deref(), bytes, "{text}");
        }
    }
}
