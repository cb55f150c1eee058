//! Sessions in the memory of this process, and a cache there.
//!
//! [`MemoryStore`] is for tests, for development, and for sites of one process that may forget
//! everybody when they restart: durability tier T0. Nothing live is ever evicted; a store that is full
//! refuses new sessions instead. [`MemoryCache`] holds copies in front of a database, and may forget
//! any of them at any time.

mod cache;
mod shard;
mod store;
mod sync;

pub use cache::MemoryCache;
pub use store::MemoryStore;
