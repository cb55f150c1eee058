//! The seam to a cache that stands in front of a database.

mod contract;
mod outcome;

pub use contract::SessionCache;
pub use outcome::Cached;
