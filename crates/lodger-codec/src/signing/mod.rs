//! Texts that prove who wrote them, as Django's `core.signing` makes them.

pub(crate) mod base62;
pub(crate) mod base64;
mod salted_hmac;
mod signer;
pub(crate) mod timestamp;

pub(crate) use salted_hmac::{Algorithm, SaltedHmac, constant_time_eq};
pub(crate) use signer::Signer;
