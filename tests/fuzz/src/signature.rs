//! What Django signs, made apart from Lodger's codec, so that anything can be signed.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use crate::canary::SECRET;

/// The salt of rows.
pub const ROW: &str = "django.contrib.sessions.SessionStore";

/// The salt of cookies.
pub const COOKIE: &str = "django.contrib.sessions.backends.signed_cookies";

/// A text with its signature.
#[must_use]
pub fn sign(value: &str, salt: &str) -> String {
    format!("{value}:{}", signature(value, salt))
}

/// Whether a text carries its signature.
#[must_use]
pub fn is_signed(text: &str, salt: &str) -> bool {
    text.rsplit_once(':').is_some_and(|(value, given)| given == signature(value, salt))
}

fn signature(value: &str, salt: &str) -> String {
    let key = Sha256::digest(format!("{salt}signer{SECRET}"));
    let mut code = Hmac::<Sha256>::new_from_slice(&key).expect("any length is a key");
    code.update(value.as_bytes());
    URL_SAFE_NO_PAD.encode(code.finalize().into_bytes())
}

/// What is signed of a payload: base64, and a stamp.
#[must_use]
pub fn body(payload: &[u8], stamp: &str) -> String {
    format!("{}:{stamp}", URL_SAFE_NO_PAD.encode(payload))
}

/// A row of the legacy format.
#[must_use]
pub fn legacy(payload: &[u8]) -> String {
    let key = Sha1::digest(format!("django.contrib.sessionsSessionStore{SECRET}"));
    let mut code = Hmac::<Sha1>::new_from_slice(&key).expect("any length is a key");
    code.update(payload);
    let code = code.finalize().into_bytes();
    let digits: String = code.iter().map(|byte| format!("{byte:02x}")).collect();
    STANDARD.encode([digits.as_bytes(), b":", payload].concat())
}
