//! What identifies a session: to its visitor, to its store, and on the wire.

mod cookie_value;
mod session_key;
mod stored_key;

pub use cookie_value::{CookieValue, Presented};
pub use session_key::SessionKey;
pub use stored_key::StoredKey;
