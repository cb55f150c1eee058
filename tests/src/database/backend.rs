//! The databases that there are tests for.

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file of the test's own.
    Sqlite,
    /// The server that `LODGER_POSTGRES_URL` names.
    Postgres,
    /// The server that `LODGER_MARIADB_URL` names.
    Mariadb,
}

impl Backend {
    /// The variable of the environment that holds the URL of a server on which databases can be
    /// made; `None` for what needs no server.
    #[must_use]
    pub const fn variable(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("LODGER_POSTGRES_URL"),
            Self::Mariadb => Some("LODGER_MARIADB_URL"),
        }
    }
}
