//! Sessions in Redis or Valkey, single or Cluster.
//!
//! [`RedisStore`] is a [`SessionStore`](lodger_core::SessionStore), and a
//! [`SessionCache`](lodger_core::SessionCache) for the cached store. Every write that has a
//! precondition is one command or one short script, so the server decides it in one step and one
//! round trip; which keys are touched is known beforehand, as a Cluster and its access lists ask.
//!
//! # How lasting it is
//!
//! As lasting as the server is told to be. An acknowledged save survives
//!
//! | configuration of the server | what |
//! |---|---|
//! | none, or `save` alone | a restart in good order; a crash loses what came after the last snapshot (T1) |
//! | a `maxmemory-policy` other than `noeviction` | until the server needs the room: visitors are logged out early (T1) |
//! | `appendonly yes`, `appendfsync everysec` | kill -9 of the server; a power cut loses a second (T2) |
//! | `appendonly yes`, `appendfsync always` | a power cut of the machine (T4) |
//! | replicas, Sentinel or Cluster | a failover, but for what the replica had not got yet (T3) |
//!
//! Behind Sentinel or a proxy, the URL names whatever leads to the present leader. A Cluster or a
//! Sentinel can lose acknowledged writes in a failover, and so bring back a session
//! that was just deleted, or the key that it had before it was changed:
//! [`RedisStore::with_replicas_waited_for`] narrows that, and nothing closes it.
//!
//! # A connection that is there again by itself
//!
//! The store connects when it is first asked, shares one connection to each server, and makes a new
//! one when that breaks. While a server is away every call fails at once, as `Unavailable`; it is
//! asked again twenty times a second at most. Nothing is ever sent twice, unless the server said that
//! it has not done it (`MOVED`, `ASK`, `TRYAGAIN`, `NOSCRIPT`).
//!
//! # Security
//!
//! The names hold the keys as they are: who can read the server can take over every live session.
//! Give it a user, and to that user no more than
//! `~lodger:session:* +get +set +del +pttl +pexpire +exists +eval +evalsha`, in a Cluster
//! `+cluster|slots +asking` too, `+select` where the URL has the number of a database, and `+wait` for
//! [`RedisStore::with_replicas_waited_for`]. In front of a database the names are others:
//! `~lodger:cached_db:*`; with a prefix of your own, that prefix.
//!
//! A value is read whole before it is looked at, as the protocol has it. The limits of a session hold
//! for what is written through Lodger; who else can write to the server can have each read take up to
//! its `proto-max-bulk-len`, 512 MB unless told otherwise.

mod store;

mod cache;
mod cycle;
mod replicas;
mod value;

mod question;
mod script;

mod cluster;
mod link;
mod servers;
mod silence;
mod slot;
mod topology;

mod connect;
mod tls;
mod url;

mod failure;

#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;

pub use store::RedisStore;
