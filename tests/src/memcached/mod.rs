//! Stores on memcached: a prefix of its own on the common server for each test, or a server.

mod fixture;
mod own_server;
mod raw;

pub use fixture::{MemcachedFixture, on, on_as_djangos};
pub use own_server::OwnServer;
pub use raw::{Raw, RawValue};
