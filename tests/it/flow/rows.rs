//! What lies in a store, reached past the store.

use lodger_backends::cached_db::CachedDbStore;
use lodger_backends::db::DbStore;
use lodger_backends::file::FileStore;
use lodger_backends::memcached::MemcachedStore;
use lodger_backends::memory::MemoryStore;
use lodger_core::{
    Created, SessionData, SessionDict, SessionRecord, SessionStore, StoredKey, Timestamp,
};
use lodger_entity::session;
use lodger_tests::cache::MoodyCache;
use lodger_tests::file_fixture;
use lodger_tests::memcached::{MemcachedFixture, Raw};
use lodger_tests::redis::OwnNames;
use sea_orm::{ConnectionTrait, DbBackend, Statement};

/// A store whose rows a test can write and see as they are.
pub(crate) trait Rows: SessionStore {
    /// Puts a row there, whatever its data are.
    fn plant(
        &self,
        key: &str,
        data: &str,
        expire_date: Timestamp,
    ) -> impl Future<Output = ()> + Send;

    /// The data under a key as they lie there.
    fn raw(&self, key: &str) -> impl Future<Output = Option<String>> + Send;

    /// All that lies there, names and data; `None` where it cannot be gone through.
    fn everything(&self) -> impl Future<Output = Option<String>> + Send;

    /// Takes all rows out, live or not, and gives their number.
    fn drain(&self) -> impl Future<Output = u64> + Send;
}

impl Rows for DbStore<session::Entity> {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        let backend = self.connection().get_database_backend();
        let values = match backend {
            DbBackend::Postgres => "$1, $2, CAST($3 AS timestamptz)",
            _ => "?, ?, ?",
        };
        let sql = format!(
            "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ({values})"
        );
        let values = [key.into(), data.into(), django_date(expire_date, backend).into()];
        let statement = Statement::from_sql_and_values(backend, sql, values);
        self.connection().execute_raw(statement).await.expect("the row can be written");
    }

    async fn raw(&self, key: &str) -> Option<String> {
        let backend = self.connection().get_database_backend();
        let place = if backend == DbBackend::Postgres { "$1" } else { "?" };
        let sql = format!("SELECT session_data FROM django_session WHERE session_key = {place}");
        let statement = Statement::from_sql_and_values(backend, sql, [key.into()]);
        let row = self.connection().query_one_raw(statement).await.expect("the table can be read");
        row.map(|row| row.try_get("", "session_data").expect("the column is there"))
    }

    async fn everything(&self) -> Option<String> {
        let sql = "SELECT session_key, session_data FROM django_session";
        let rows = self
            .connection()
            .query_all_raw(Statement::from_string(self.connection().get_database_backend(), sql));
        let column = |row: &sea_orm::QueryResult, name| -> String {
            row.try_get("", name).expect("the column is there")
        };
        let rows = rows.await.expect("the table can be read");
        let lines =
            rows.iter().map(|row| column(row, "session_key") + &column(row, "session_data"));
        Some(lines.collect())
    }

    async fn drain(&self) -> u64 {
        let deleted = self.connection().execute_unprepared("DELETE FROM django_session").await;
        deleted.expect("the table can be emptied").rows_affected()
    }
}

/// A date as Django hands it to a database.
fn django_date(at: Timestamp, backend: DbBackend) -> String {
    let (seconds, micros) =
        (at.as_micros().div_euclid(1_000_000), at.as_micros().rem_euclid(1_000_000));
    let at = sea_orm::prelude::ChronoDateTimeUtc::from_timestamp(seconds, 0)
        .expect("a date of our time");
    let zone = if backend == DbBackend::Postgres { "+00:00" } else { "" };
    let fraction = if micros == 0 { String::new() } else { format!(".{micros:06}") };
    format!("{}{fraction}{zone}", at.format("%Y-%m-%d %H:%M:%S"))
}

/// Past the manager, but through the store, whose data these are, whatever stands for them.
async fn create(store: &impl SessionStore, key: &str, data: &str, expire_date: Timestamp) {
    let record = SessionRecord {
        session_key: StoredKey::from(key.to_owned()),
        session_data: SessionData::from_text(data),
        expire_date,
    };
    let planted = store.create(record, SessionDict::new(), Timestamp::MIN).await;
    assert!(matches!(planted, Ok(Created::Created(_))), "{planted:?}");
}

/// What is there, live or not.
async fn load(store: &impl SessionStore, key: &str) -> Option<String> {
    let loaded = store.load(&StoredKey::from(key.to_owned()), Timestamp::MIN).await.unwrap()?;
    loaded.record.session_data.as_text().map(str::to_owned)
}

/// The rows are the database's; to drain them empties the cache, too.
impl Rows for CachedDbStore<MoodyCache> {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        self.database().plant(key, data, expire_date).await;
    }

    async fn raw(&self, key: &str) -> Option<String> {
        self.database().raw(key).await
    }

    async fn everything(&self) -> Option<String> {
        self.database().everything().await
    }

    async fn drain(&self) -> u64 {
        self.cache().flush();
        self.database().drain().await
    }
}

impl Rows for OwnNames {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        create(self, key, data, expire_date).await;
    }

    async fn raw(&self, key: &str) -> Option<String> {
        load(self, key).await
    }

    async fn everything(&self) -> Option<String> {
        Some(self.everything().await.unwrap())
    }

    async fn drain(&self) -> u64 {
        self.remove_all().await.unwrap()
    }
}

impl Rows for MemoryStore {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        create(self, key, data, expire_date).await;
    }

    async fn raw(&self, key: &str) -> Option<String> {
        load(self, key).await
    }

    async fn everything(&self) -> Option<String> {
        None
    }

    async fn drain(&self) -> u64 {
        self.clear_expired(Timestamp::MAX, u64::MAX, None).await.unwrap().deleted
    }
}

impl Rows for MemcachedStore {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        create(self, key, data, expire_date).await;
    }

    async fn raw(&self, key: &str) -> Option<String> {
        load(self, key).await
    }

    async fn everything(&self) -> Option<String> {
        let mut server = Raw::connect(&MemcachedFixture::url().expect("the store is on a server"));
        let mut all = String::new();
        for name in server.names(self.layout().prefix()) {
            let value = server.get(&name).map(|held| held.value).unwrap_or_default();
            all += &(name + &String::from_utf8_lossy(&value));
        }
        Some(all)
    }

    async fn drain(&self) -> u64 {
        let mut server = Raw::connect(&MemcachedFixture::url().expect("the store is on a server"));
        let names = server.names(self.layout().prefix());
        let deleted = names.iter().filter(|name| server.ask(&format!("md {name}")) == "HD");
        deleted.count() as u64
    }
}

impl Rows for FileStore {
    async fn plant(&self, key: &str, data: &str, expire_date: Timestamp) {
        file_fixture::plant(&self.path().join(format!("sessionid{key}")), data, expire_date);
    }

    async fn raw(&self, key: &str) -> Option<String> {
        std::fs::read_to_string(self.path().join(format!("sessionid{key}"))).ok()
    }

    async fn everything(&self) -> Option<String> {
        let files = std::fs::read_dir(self.path()).expect("the folder can be read");
        let paths = files.map(|file| file.expect("a file").path());
        let read = |path: std::path::PathBuf| {
            format!("{} {}", path.display(), std::fs::read_to_string(&path).expect("a text"))
        };
        Some(paths.map(read).collect())
    }

    async fn drain(&self) -> u64 {
        let files = std::fs::read_dir(self.path()).expect("the folder can be read");
        let removed = files.map(|file| std::fs::remove_file(file.expect("a file").path()));
        u64::try_from(removed.filter(Result::is_ok).count()).expect("a small number")
    }
}
