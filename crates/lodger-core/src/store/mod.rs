//! The seam to where sessions are kept.

mod contract;
mod dynamic;
mod outcome;

pub use contract::SessionStore;
pub use dynamic::{BoxFuture, DynSessionStore};
pub use outcome::{Created, Cursor, Cycled, Swapped, Swept, Touched};
