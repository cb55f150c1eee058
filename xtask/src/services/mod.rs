//! Private servers for tests: PostgreSQL, MariaDB, Redis, a Redis Cluster, memcached.
//!
//! Each server listens on a free loopback port, keeps its data in a temporary folder, has a random
//! password and ends with the task. The system's own instances are neither used nor touched.
//!
//! Durability is a production server's: databases flush every commit to the disk, and Redis its
//! append-only file once a second, so that what a test measures of writes is honest. Only creating the
//! data folder skips the flush.

mod account;
mod command;
mod debian;
mod install;
mod kind;
mod mariadb;
mod memcached;
mod postgres;
mod prepared;
mod recipe;
mod redis;
mod redis_cluster;
mod server;
mod set;

pub(crate) use command::{Arguments, run};
pub(crate) use kind::Kind;
pub(crate) use prepared::Prepared;
pub(crate) use set::Services;
