//! What a modern row signs: the payload in base64, perhaps deflated, and the stamp.

use base64::Engine as _;
use lodger_core::DecodeError;

use crate::Compression;
use crate::compress::inflate;
use crate::signing::base64::{URL_SAFE_NO_PAD, decode_url_safe};
use crate::signing::timestamp;

/// Marks a deflated body; it is no character of base64.
const DEFLATED: char = '.';

/// A colon and the longest stamp, a colon and the longest signature.
const REST: usize = 1 + 12 + 1 + 43;

/// Writes the part of a row that is signed.
pub(super) fn write(payload: &str, compression: Compression, stamp: i64) -> String {
    let deflated = compression.deflate(payload.as_bytes());
    let body = deflated.as_deref().unwrap_or(payload.as_bytes());
    let mut row = String::with_capacity(1 + body.len().div_ceil(3) * 4 + REST);
    if deflated.is_some() {
        row.push(DEFLATED);
    }
    URL_SAFE_NO_PAD.encode_string(body, &mut row);
    timestamp::push(stamp, &mut row);
    row
}

/// Reads the part of a row whose signature is right: payload and stamp. The stamp is compared with
/// nothing: when a session ends is up to its expiry.
pub(super) fn read(value: &str, limit: usize) -> Result<(Vec<u8>, i64), DecodeError> {
    let (body, stamp) =
        timestamp::split(value).ok_or(DecodeError::Malformed { part: "timestamp" })?;
    let deflated = body.strip_prefix(DEFLATED);
    let bytes = decode_url_safe(deflated.unwrap_or(body))
        .ok_or(DecodeError::Malformed { part: "base64 text" })?;
    let payload = if deflated.is_some() { inflate(&bytes, limit)? } else { bytes };
    Ok((payload, stamp))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_written_as_django_writes_them() {
        assert_eq!(write("{}", Compression::Auto, 1_700_000_000), "e30:1r31eq");
        let payload = format!(r#"{{"k":"{}"}}"#, "a".repeat(100));
        let value = write(&payload, Compression::Auto, 0);
        assert!(value.starts_with('.') && value.ends_with(":0"));
        assert_eq!(read(&value, 1000).unwrap(), (payload.clone().into_bytes(), 0));
        let plain = write(&payload, Compression::Never, 0);
        assert!(!plain.starts_with('.'));
        assert_eq!(read(&plain, 1000).unwrap().0, payload.as_bytes());
    }

    #[test]
    fn the_part_that_is_wrong_is_named() {
        for (value, wrong) in [
            ("e30", "timestamp"),
            ("e30:", "timestamp"),
            ("e30:!!", "timestamp"),
            ("e:0", "base64 text"),
            (".:0", "compressed data"),
            (".bm90IHpsaWI:0", "compressed data"),
            // The second dot counts for the padding.
            ("..eJyrVkpUslJKUqoFAAxwAn4:0", "base64 text"),
        ] {
            let error = read(value, 1000).unwrap_err();
            assert_eq!(error, DecodeError::Malformed { part: wrong }, "{value}");
        }
    }
}
