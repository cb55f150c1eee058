//! Where Lodger sessions are stored: one room and one feature for each backend.
//!
//! - `db`, with `sqlite`, `postgres`, `mysql`: the table `django_session`, or one of your own, through
//!   SeaORM. Survives what the database survives (T2 to T5).
//! - `redis`, `memcached`: cache servers, in a format of Lodger's own or in Django's.
//! - `cached_db`: a cache in front of the database.
//! - `file`: a folder of files, Django's. Survives a loss of power (T4).
//! - `signed_cookies`: the browser. An engine and no store: nothing is kept here.
//! - `memory`: the memory of this process. Ends with it (T0).
//!
//! Every room has the same floor plan: `mod`, the front page; `store`, the
//! [`SessionStore`](lodger_core::SessionStore); and what the backend needs beside it. All pass the
//! one contract that `lodger-testing` publishes.

#[cfg(any(feature = "redis", feature = "memcached"))]
pub mod cache_layout;
#[cfg(feature = "cached_db")]
pub mod cached_db;
#[cfg(feature = "db")]
pub mod db;
#[cfg(feature = "file")]
pub mod file;
#[cfg(feature = "memcached")]
pub mod memcached;
#[cfg(feature = "memory")]
pub mod memory;
#[cfg(any(feature = "file", feature = "memory"))]
mod obstacle;
#[cfg(any(feature = "file", feature = "memcached", feature = "memory", feature = "redis"))]
mod patience;
#[cfg(feature = "redis")]
pub mod redis;
#[cfg(any(feature = "memcached", feature = "redis"))]
#[cfg_attr(not(feature = "redis"), allow(dead_code, reason = "memcached gives nothing up"))]
mod settling;
#[cfg(feature = "signed_cookies")]
pub mod signed_cookies;
