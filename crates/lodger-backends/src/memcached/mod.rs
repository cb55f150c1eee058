//! Sessions in memcached, on one server or several.
//!
//! Durability tier T1: a session is kept until the server evicts it, is flushed or ends. A session
//! that was lost so is gone, as one that has ended; it is never another's. Give the servers more
//! memory than all live sessions take, watch `evictions`, or put the cache in front of a database.
//!
//! memcached 1.6 is needed, for its meta commands, and without its option `-C`, which takes the numbers
//! away by which values are compared: such a server is refused when it first tells of one. Values lie there as a
//! [`CacheLayout`](crate::cache_layout::CacheLayout) says.
//!
//! # Several servers
//!
//! Each key lies on one server, chosen by a fixed hash. When that server is down its keys are
//! unavailable and the others are not: nothing moves to another server, where a session that was
//! ended could come back to life.
//!
//! # Limits
//!
//! - A server that has no memory for a new value drops the old one, too: the write fails, and the
//!   session is gone, as if it had been evicted.
//! - Sessions that live longer than 30 days end by the clock of the server; keep it right. Those that
//!   end after January 2038 are kept until they are evicted, and end in Lodger's own layout by their
//!   `expire_date` all the same.
//! - There is no password and no encryption: keep the servers where nobody else reaches them.
//!
//! # Django
//!
//! With [`CacheLayout::django`](crate::cache_layout::CacheLayout::django), `PyMemcacheCache` shares
//! sessions, as do the older `MemcachedCache` and `PyLibMCCache` where there is one server; each of
//! these has a choice of its own among several. Django moves the keys of a server that is down to
//! the others, which Lodger does not.

mod store;

mod cache;
mod cycle;

mod client;
mod command;
mod connection;
mod pool;
mod reply;

mod address;
mod rendezvous;

mod exptime;
mod failure;
mod mark;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use store::MemcachedStore;
