//! The store that a URL names.
//!
//! A function for each kind opens it, `engine` drives the sessions over it, `sweep` removes from it
//! what has expired, and `description` says what it is worth.

mod cache;
mod cached_db;
mod database;
mod description;
mod engine;
mod file;
mod signed_cookies;
mod sweep;

pub(crate) use description::Description;
pub(crate) use engine::engine;
pub(crate) use sweep::clear_expired;
