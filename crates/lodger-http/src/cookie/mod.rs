//! The cookie: reading it, setting it, removing it.

mod error;
mod quote;
mod read;
mod write;

pub use error::CookieError;
pub use read::{read, read_headers};
pub use write::{remove, set};
