//! Sessions in the memory of this process.
//!
//! For tests, for development, and for sites of one process that may forget everybody when they
//! restart: durability tier T0. Nothing live is ever evicted; a store that is full refuses new
//! sessions instead.

mod shard;
mod store;

pub use store::MemoryStore;
