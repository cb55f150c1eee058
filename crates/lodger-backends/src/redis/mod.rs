//! Sessions in Redis or Valkey, single or Cluster.
