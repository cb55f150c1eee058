//! How the three databases spell things.

use sea_orm::DbBackend;

use super::{ColumnKind, SchemaError};

/// A database's way of writing definitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Sqlite,
    Postgres,
    /// MySQL and MariaDB.
    MySql,
}

impl TryFrom<DbBackend> for Dialect {
    type Error = SchemaError;

    fn try_from(backend: DbBackend) -> Result<Self, SchemaError> {
        match backend {
            DbBackend::Sqlite => Ok(Self::Sqlite),
            DbBackend::Postgres => Ok(Self::Postgres),
            DbBackend::MySql => Ok(Self::MySql),
            other => Err(SchemaError::UnsupportedBackend { backend: other.as_str().to_owned() }),
        }
    }
}

impl Dialect {
    /// A name in quotes.
    pub(super) fn quote(self, name: &str) -> String {
        match self {
            Self::Sqlite | Self::Postgres => format!("\"{}\"", name.replace('"', "\"\"")),
            Self::MySql => format!("`{}`", name.replace('`', "``")),
        }
    }

    /// Names in quotes, with commas between them.
    pub(super) fn quote_list<'n>(self, names: impl IntoIterator<Item = &'n str>) -> String {
        names.into_iter().map(|name| self.quote(name)).collect::<Vec<_>>().join(", ")
    }

    /// The type that Django gives to a field of this kind (its `data_types`).
    pub(super) fn column_type(self, kind: ColumnKind) -> String {
        let name = match (kind, self) {
            (ColumnKind::Char(length), _) => return format!("varchar({length})"),
            (ColumnKind::Text, Self::MySql) => "longtext",
            (ColumnKind::Text, _) => "text",
            (ColumnKind::SmallInteger, _) => "smallint",
            (ColumnKind::Integer, _) => "integer",
            (ColumnKind::BigInteger, _) => "bigint",
            (ColumnKind::Boolean, Self::Postgres) => "boolean",
            (ColumnKind::Boolean, _) => "bool",
            (ColumnKind::Double, Self::Sqlite) => "real",
            (ColumnKind::Double, _) => "double precision",
            (ColumnKind::Date, _) => "date",
            (ColumnKind::DateTime, Self::Sqlite) => "datetime",
            (ColumnKind::DateTime, Self::Postgres) => "timestamp with time zone",
            (ColumnKind::DateTime, Self::MySql) => "datetime(6)",
            (ColumnKind::Binary, Self::Sqlite) => "BLOB",
            (ColumnKind::Binary, Self::Postgres) => "bytea",
            (ColumnKind::Binary, Self::MySql) => "longblob",
        };
        name.to_owned()
    }

    /// The longest name of an index in characters (Django's `max_name_length`, whose absence on
    /// SQLite it reads as 200).
    pub(super) fn max_name_length(self) -> usize {
        match self {
            Self::Sqlite => 200,
            Self::Postgres => 63,
            Self::MySql => 64,
        }
    }

    /// Whether Django makes an ordinary index on such a column. MySQL cannot index a text or bytes
    /// without limit, so Django leaves that index out.
    pub(super) fn can_index(self, kind: ColumnKind) -> bool {
        self != Self::MySql || !matches!(kind, ColumnKind::Text | ColumnKind::Binary)
    }

    /// The operator class of the second index that PostgreSQL needs for `LIKE`.
    pub(super) fn like_class(self, kind: ColumnKind) -> Option<&'static str> {
        match (self, kind) {
            (Self::Postgres, ColumnKind::Char(_)) => Some("varchar_pattern_ops"),
            (Self::Postgres, ColumnKind::Text) => Some("text_pattern_ops"),
            _ => None,
        }
    }
}
