//! Redis and its Cluster, where they differ from other stores.
