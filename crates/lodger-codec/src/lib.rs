//! Session data in the bytes that Django writes and reads.
//!
//! - [`KeyRing`]: the secret that signs, and those that are still believed;
//! - [`DjangoCodec`]: the signed JSON of Django's sessions, in all its [`Format`]s from 1.8 on;
//! - [`Formats`]: which of them are read, and which one is written;
//! - [`Compression`]: when the data are deflated;
//! - [`PickleCodec`]: the pickled dict of Django's cache sessions, which nobody signs.
//!
//! Signatures are compared in constant time. Whatever the input, decoding gives a dict or an
//! error, in memory bounded by the limits.

mod compress;
mod django;
mod json;
mod keyring;
mod legacy;
mod pickle;
mod signing;

pub use compress::Compression;
pub use django::{DjangoCodec, Format, Formats};
pub use keyring::{EmptySecretKey, KeyRing};
pub use pickle::PickleCodec;
