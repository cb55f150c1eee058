//! Rows made apart from the codec, so that anything can be signed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::context::SECRET;

/// A modern row of any signed part.
pub(crate) fn modern(value: &str) -> String {
    let salt = "django.contrib.sessions.SessionStoresigner";
    let key = Sha256::digest(format!("{salt}{SECRET}"));
    let mut hmac = Hmac::<Sha256>::new_from_slice(&key).expect("any length is a key");
    hmac.update(value.as_bytes());
    format!("{value}:{}", URL_SAFE_NO_PAD.encode(hmac.finalize().into_bytes()))
}

/// A modern row of any payload.
pub(crate) fn modern_payload(payload: &[u8]) -> String {
    modern(&format!("{}:1r31eq", URL_SAFE_NO_PAD.encode(payload)))
}

/// A modern row of anything in the place of a zlib stream.
pub(crate) fn modern_stream(stream: &[u8]) -> String {
    modern(&format!(".{}:1r31eq", URL_SAFE_NO_PAD.encode(stream)))
}

/// A legacy row of any payload.
pub(crate) fn legacy(payload: &[u8]) -> String {
    let key = Sha1::digest(format!("django.contrib.sessionsSessionStore{SECRET}"));
    let mut hmac = Hmac::<Sha1>::new_from_slice(&key).expect("any length is a key");
    hmac.update(payload);
    let code = hmac.finalize().into_bytes();
    let hex: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
    STANDARD.encode([hex.as_bytes(), b":", payload].concat())
}

/// A zlib stream.
pub(crate) fn deflate(data: &[u8]) -> Vec<u8> {
    let mut deflate = flate2::Compress::new(flate2::Compression::best(), true);
    let mut stream = Vec::with_capacity(data.len() + data.len() / 8 + 64);
    let status = deflate.compress_vec(data, &mut stream, flate2::FlushCompress::Finish);
    assert_eq!(status.expect("the state is fresh"), flate2::Status::StreamEnd);
    stream
}
