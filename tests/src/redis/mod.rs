//! Redis servers: a part of the shared one for each test, and servers that a test may kill.

mod fixture;
mod own_names;

mod own_cluster;
mod own_server;

pub use fixture::{RedisFixture, Servers, admin, on_cluster, on_single, on_single_as_djangos};
pub use own_cluster::OwnCluster;
pub use own_names::OwnNames;
pub use own_server::{OwnRedis, free_port};
