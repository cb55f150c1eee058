use std::env;

/// A server that the tests need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
    Redis,
    RedisCluster,
    Memcached,
}

impl Kind {
    pub(crate) const ALL: [Self; 5] =
        [Self::Postgres, Self::Mariadb, Self::Redis, Self::RedisCluster, Self::Memcached];

    /// The name as its makers write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
            Self::Redis => "Redis",
            Self::RedisCluster => "Redis Cluster",
            Self::Memcached => "memcached",
        }
    }

    /// The environment variable that tells tests where the server is.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "LODGER_POSTGRES_URL",
            Self::Mariadb => "LODGER_MARIADB_URL",
            Self::Redis => "LODGER_REDIS_URL",
            Self::RedisCluster => "LODGER_REDIS_CLUSTER_URL",
            Self::Memcached => "LODGER_MEMCACHED_URL",
        }
    }

    /// Whether the caller's environment already names such a server.
    pub(crate) fn is_given(self) -> bool {
        env::var_os(self.variable()).is_some_and(|url| !url.is_empty())
    }
}
