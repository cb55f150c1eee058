//! What can go wrong, one type for each moment. None carries a key or data.

mod codec;
mod commit;
mod data;
mod edit;
mod key;
mod load;
mod settings;
mod store;

pub use codec::{DecodeError, EncodeError, SuspiciousSession};
pub use commit::{CommitError, SessionConflict, SessionInterrupted};
pub use data::{FieldError, JsonError};
pub use edit::EditError;
pub use key::{InvalidSessionKey, RngError};
pub use load::LoadError;
pub use settings::SettingsError;
pub use store::StoreError;
