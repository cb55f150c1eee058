//! Redis, where it differs from other stores, on servers of the tests' own.

pub(crate) mod deed;

mod budget;
mod django;

mod away;
mod refused;
mod slow;

mod foreign;
mod forgetful;

mod given_up;
mod lost;

mod killed;
mod replicas;
mod tls;
