//! The seam to where sessions are kept.

mod contract;
mod dynamic;
mod outcome;

pub use contract::SessionStore;
pub use dynamic::{AnyStore, BoxFuture, DynSessionStore};
pub use outcome::{Created, Cursor, Cycled, Swapped, Swept, Touched};
