//! The request's handle on its session.

mod access;
mod commit;
mod document;
mod edit;
mod expiry;
mod handle;
mod lane;
mod lazy;
mod operation;
mod patch;
mod reserved;
mod shared;
mod state;

pub use handle::Session;
pub use lazy::LazySession;
pub use operation::Operation;
pub use patch::Patch;
pub use reserved::Reserved;
pub use state::Facts;

/// The field that belongs to Lodger; `Session` hides it.
pub const RESERVED_FIELD: &str = "_lodger";
