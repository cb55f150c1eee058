//! Lodger as a whole: manager and codec over every store.

#![expect(clippy::unwrap_used, reason = "what is unwrapped here is what a test claims")]

#[macro_use]
mod everywhere;

mod cache_contract;
mod cached_db;
mod capacity;
mod chaos;
mod concurrency;
mod contract;
mod django_mixin;
mod ended_move;
mod file;
mod flow;
mod limits;
mod manager;
mod memcached;
mod middleware;
mod properties;
mod races;
mod recorded;
mod redis;
mod redis_cluster;
mod signed_cookies;
mod silent_database;
