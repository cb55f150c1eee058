//! Policy: Django's `SESSION_*` settings one to one, and ours.

mod key_storage;
mod limits;
mod policy;
mod security_level;
mod session_settings;

pub use key_storage::KeyStorage;
pub use limits::Limits;
pub use policy::{FileSeconds, OnConflict, OnInterrupted, OnUndecodable, SameSite};
pub use security_level::SecurityLevel;
pub use session_settings::Settings;
