//! When a session ends.

mod iso;
mod lifetime;
mod requested;
mod stored;
mod zone;

pub use lifetime::Lifetime;
pub use requested::Expiry;
pub use stored::StoredExpiry;
pub use zone::{DateStorage, Zone};

/// The field that holds a session's own expiry.
pub const EXPIRY_FIELD: &str = "_session_expiry";
