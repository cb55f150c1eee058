//! A Redis Cluster, where it differs from one server.

mod cycling;
mod moved;

mod failover;
mod impatient;
mod waiting;
