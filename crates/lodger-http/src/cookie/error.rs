//! When a cookie is written.

use thiserror::Error;

/// No browser could keep such a cookie and bring it back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CookieError {
    /// The value cannot be written, not even quoted.
    #[error("the session cookie's value is no text of characters up to U+00FF")]
    Value,
    /// The value is longer than we would read it back.
    #[error("the session cookie's value takes {size} bytes of at most {limit}")]
    TooLarge {
        /// What it takes, in bytes.
        size: usize,
        /// The bound, in bytes.
        limit: usize,
    },
    /// The name, path or domain would break the header.
    #[error("the settings of the session cookie make no header: were they checked?")]
    Settings,
}
