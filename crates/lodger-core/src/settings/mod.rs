//! Policy: Django's `SESSION_*` settings one to one, and ours.

mod limits;
mod policy;
mod session_settings;

pub use limits::Limits;
pub use policy::{FileSeconds, OnInterrupted, OnUndecodable, SameSite};
pub use session_settings::Settings;
