//! A Django site that shares the table, as its release and settings make it.

use std::sync::Arc;

use lodger_backends::db::{DbStore, NamedZone};
use lodger_codec::{DjangoCodec, Formats};
use lodger_core::{DateStorage, Limits, SessionKey, Settings, Span, Timestamp};
use lodger_testing::SequenceRng;
use lodger_tests::site::{SECRET_KEY, Site, codec};
use lodger_tests::vectors::formats_of;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value as Sql};
use serde_json::{Value, json};

use super::operation::made;

/// The instant at which everything was recorded, but for its fraction.
const FROZEN: Timestamp = Timestamp::from_secs(1_700_000_000);

/// What a record tells of the site that it was recorded on.
pub(crate) struct Peer {
    formats: Formats,
    pub(crate) dates: DateStorage,
    fraction: Span,
}

impl Peer {
    /// Of the first release that gave a record.
    pub(crate) fn of(record: &Value, versions: &[String]) -> Self {
        let first = record["v"][0].as_u64().and_then(|index| usize::try_from(index).ok());
        let formats = formats_of(&versions[first.expect("a record names its releases")]);
        let dates = match (&record["use_tz"], record["time_zone"].as_str()) {
            (Value::Bool(false), Some(zone)) => {
                DateStorage::Local(Arc::new(NamedZone::new(zone).unwrap()))
            }
            _ => DateStorage::Utc,
        };
        let fraction = Span::from_micros(record["now_us"].as_i64().unwrap_or(123_456));
        Self { formats, dates, fraction }
    }

    pub(super) fn codec(&self) -> DjangoCodec {
        codec(SECRET_KEY, Limits::default()).with_formats(self.formats)
    }

    /// A site of ours that shares the table with it, at the instant of the recording.
    pub(crate) fn site(&self, db: &DatabaseConnection) -> Site<DbStore> {
        let store = DbStore::new(db.clone()).with_date_storage(self.dates.clone());
        let mut settings = Settings::django();
        settings.date_storage = self.dates.clone();
        let rng = SequenceRng::new((1..=3).map(made));
        let site = Site::with_codec(store, self.codec(), |builder| {
            builder.with_settings(settings).with_rng(rng)
        });
        site.clock.set(FROZEN + self.fraction);
        site
    }
}

/// The one row as it was recorded: key, data, date, and how SQLite holds the last two.
pub(crate) async fn row(db: &DatabaseConnection) -> Option<Value> {
    let select = "SELECT session_key, session_data, CAST(expire_date AS text) AS expire_date, \
                  typeof(session_data) AS data_type, typeof(expire_date) AS date_type \
                  FROM django_session";
    let row = db.query_one_raw(Statement::from_string(DbBackend::Sqlite, select)).await.unwrap()?;
    let text = |column: &str| -> String { row.try_get("", column).unwrap() };
    Some(json!([
        text("session_key"),
        text("session_data"),
        text("expire_date"),
        text("data_type"),
        text("date_type"),
    ]))
}

/// Puts a row there as somebody else would.
pub(crate) async fn put(db: &DatabaseConnection, key: &str, data: &str, date: &str) {
    let values: [Sql; 3] = [key.into(), data.into(), date.into()];
    let insert = "INSERT INTO django_session VALUES (?, ?, ?)";
    let statement = Statement::from_sql_and_values(DbBackend::Sqlite, insert, values);
    db.execute_raw(statement).await.unwrap();
}

/// Empties the table.
pub(crate) async fn empty(db: &DatabaseConnection) {
    db.execute_unprepared("DELETE FROM django_session").await.unwrap();
}

/// The first key of a recording.
pub(crate) fn first_key() -> SessionKey {
    SessionKey::parse(&made(1), 128).expect("the shape of a key")
}
