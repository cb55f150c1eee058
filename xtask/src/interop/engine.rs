use std::fmt;

use super::database::Kind;
use crate::services::Kind as Server;

/// One of Django's session engines; that of the cache once for each server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    Db,
    CacheRedis,
    CacheMemcached,
    #[value(name = "cached_db")]
    CachedDb,
    File,
    #[value(name = "signed_cookies")]
    SignedCookies,
}

/// An engine, and the database below the site: that of the sessions where the engine has a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Backend {
    pub(super) engine: Engine,
    pub(super) database: Kind,
}

impl Engine {
    pub(super) const ALL: [Self; 6] = [
        Self::Db,
        Self::CacheRedis,
        Self::CacheMemcached,
        Self::CachedDb,
        Self::File,
        Self::SignedCookies,
    ];

    /// The last part of `SESSION_ENGINE`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Db => "db",
            Self::CacheRedis | Self::CacheMemcached => "cache",
            Self::CachedDb => "cached_db",
            Self::File => "file",
            Self::SignedCookies => "signed_cookies",
        }
    }

    /// The cache server that it needs.
    pub(super) fn cache(self) -> Option<Server> {
        match self {
            Self::CacheRedis | Self::CachedDb => Some(Server::Redis),
            Self::CacheMemcached => Some(Server::Memcached),
            Self::Db | Self::File | Self::SignedCookies => None,
        }
    }

    pub(super) fn has_table(self) -> bool {
        matches!(self, Self::Db | Self::CachedDb)
    }

    /// Whether a key leads to the data, so that a site can end them. Else the browser holds them.
    pub(super) fn has_keys(self) -> bool {
        self != Self::SignedCookies
    }

    /// Whether what is stored is a signed text.
    pub(super) fn is_signed(self) -> bool {
        !matches!(self, Self::CacheRedis | Self::CacheMemcached)
    }

    /// How much the end that is stored may be off, in seconds. Caches are given what is left, in whole
    /// seconds, and memcached's clock ticks once a second.
    pub(super) fn precision(self) -> f64 {
        match self {
            Self::CacheRedis => 1.0,
            Self::CacheMemcached => 2.0,
            _ => 0.0,
        }
    }

    /// How much later than the stored end Django may see a session. Its cached_db gives a copy its
    /// time to live after it has written the row.
    pub(super) fn lag(self) -> f64 {
        match self {
            Self::CachedDb => 1.0,
            _ => self.precision(),
        }
    }

    /// What it is tried on; the databases are those of the engine db.
    pub(super) fn backends(self, databases: &[Kind]) -> Vec<Backend> {
        let on = |database| Backend { engine: self, database };
        match self {
            Self::Db => databases.iter().copied().map(on).collect(),
            Self::CachedDb => vec![on(Kind::Postgres)],
            _ => vec![on(Kind::Sqlite)],
        }
    }
}

impl Backend {
    /// The servers that it needs.
    pub(super) fn servers(self) -> impl Iterator<Item = Server> {
        self.database.server().into_iter().chain(self.engine.cache())
    }
}

impl fmt::Display for Engine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CacheRedis | Self::CacheMemcached => {
                let server = self.cache().map_or("", Server::name);
                write!(formatter, "{} {server}", self.name())
            }
            _ => formatter.write_str(self.name()),
        }
    }
}

impl fmt::Display for Backend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.engine {
            Engine::Db => write!(formatter, "db {}", self.database),
            engine => engine.fmt(formatter),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_databases_are_chosen_for_the_engine_db_alone() {
        let shown = |engine: Engine| -> Vec<String> {
            engine.backends(&[Kind::Mariadb]).iter().map(Backend::to_string).collect()
        };
        assert_eq!(shown(Engine::Db), ["db MariaDB"]);
        assert_eq!(shown(Engine::CachedDb), ["cached_db"]);
        assert_eq!(shown(Engine::CacheMemcached), ["cache memcached"]);
    }

    #[test]
    fn each_backend_names_the_servers_it_needs() {
        let servers = |engine: Engine| -> Vec<Server> {
            engine.backends(&Kind::ALL).into_iter().flat_map(Backend::servers).collect()
        };
        assert_eq!(servers(Engine::Db), [Server::Postgres, Server::Mariadb]);
        assert_eq!(servers(Engine::CachedDb), [Server::Postgres, Server::Redis]);
        assert_eq!(servers(Engine::File), []);
    }
}
