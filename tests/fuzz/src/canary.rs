//! What no text may show.

use std::fmt::{Debug, Display};

/// A part of the secret that signs here.
pub const SECRET: &str = "canary-secret of the fuzzer";

/// The beginning of whatever is a key here.
pub const KEY: &str = "canarykey";

/// An error is told to people and written to logs.
///
/// # Panics
///
/// When it shows a key or the secret.
pub fn assert_unseen<E: Debug + Display>(error: &E) {
    let told = format!("{error} {error:?}");
    assert!(!told.contains("canary"), "an error shows a secret");
}
