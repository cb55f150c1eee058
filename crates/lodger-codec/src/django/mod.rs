//! The signed JSON of Django's sessions.

mod codec;
mod format;
mod row;

pub use codec::DjangoCodec;
pub use format::{Format, Formats};
