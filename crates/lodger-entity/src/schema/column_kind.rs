//! The kinds of column, named without a database.

use sea_orm::ColumnType;
use sea_orm::sea_query::StringLen;
use serde::{Deserialize, Serialize};

/// A column's type, as one of Django's fields.
///
/// Only kinds that Django and SeaORM store alike on every database are here. Not among them:
/// unsigned numbers (PostgreSQL has none), `Uuid` and `Json` (SeaORM and Django write them
/// differently on SQLite and MySQL: keep them as text), dates without a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ColumnKind {
    /// Text of at most so many characters: `CharField(max_length)`.
    Char(u32),
    /// Text without limit: `TextField`.
    Text,
    /// A number of 16 bits: `SmallIntegerField`.
    SmallInteger,
    /// A number of 32 bits: `IntegerField`.
    Integer,
    /// A number of 64 bits: `BigIntegerField`.
    BigInteger,
    /// Yes or no: `BooleanField`.
    Boolean,
    /// A float of 64 bits: `FloatField`.
    Double,
    /// A day: `DateField`.
    Date,
    /// An instant: `DateTimeField`.
    DateTime,
    /// Bytes without limit: `BinaryField`.
    Binary,
}

impl ColumnKind {
    /// The kind of a SeaORM type, or what to use in its place.
    pub(super) fn of(column_type: &ColumnType) -> Result<Self, &'static str> {
        match column_type {
            ColumnType::String(StringLen::N(length)) => Ok(Self::Char(*length)),
            ColumnType::String(_) | ColumnType::Char(_) => Err(
                r#"give it `column_type = "String(StringLen::N(…))"` or `column_type = "Text"`"#,
            ),
            ColumnType::Text => Ok(Self::Text),
            ColumnType::SmallInteger => Ok(Self::SmallInteger),
            ColumnType::Integer => Ok(Self::Integer),
            ColumnType::BigInteger => Ok(Self::BigInteger),
            ColumnType::Boolean => Ok(Self::Boolean),
            ColumnType::Double => Ok(Self::Double),
            ColumnType::Date => Ok(Self::Date),
            ColumnType::TimestampWithTimeZone => Ok(Self::DateTime),
            ColumnType::Blob | ColumnType::VarBinary(StringLen::None) => Ok(Self::Binary),
            ColumnType::DateTime | ColumnType::Timestamp => Err("use `DateTimeUtc`"),
            ColumnType::TinyInteger => Err("use `i16`"),
            ColumnType::TinyUnsigned
            | ColumnType::SmallUnsigned
            | ColumnType::Unsigned
            | ColumnType::BigUnsigned => Err("use a signed number"),
            ColumnType::Float => Err("use `f64`"),
            _ => Err("keep it as text"),
        }
    }
}
