use std::env;

/// A database server that the tests need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Postgres,
    Mariadb,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Postgres, Self::Mariadb];

    /// The name as its makers write it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL",
            Self::Mariadb => "MariaDB",
        }
    }

    /// The environment variable that tells tests where the server is.
    pub(crate) fn variable(self) -> &'static str {
        match self {
            Self::Postgres => "LODGER_POSTGRES_URL",
            Self::Mariadb => "LODGER_MARIADB_URL",
        }
    }

    /// Whether the caller's environment already names such a server.
    pub(crate) fn is_given(self) -> bool {
        env::var_os(self.variable()).is_some_and(|url| !url.is_empty())
    }
}
