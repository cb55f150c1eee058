//! The engines whose middleware was recorded, and what stands for each of them here.

use std::sync::Arc;

use lodger_backends::db::DbStore;
use lodger_backends::signed_cookies::SignedCookies;
use lodger_codec::{Formats, KeyRing};
use lodger_core::{
    Clock, Context, Limits, SessionCodec, SessionData, SessionDict, SessionEngine, SessionKey,
    SessionStore, Settings, SettingsError, Span, StoredKey,
};
use lodger_entity::session;
use lodger_manager::SessionManager;
use lodger_testing::{FakeClock, SequenceRng};
use lodger_tests::any_site::AnySite;
use lodger_tests::database::OwnDatabase;
use lodger_tests::site::{SECRET_KEY, codec, dict};
use sea_orm::{ConnectionTrait, DatabaseConnection, QueryResult, Statement};

use crate::flow::rows::Rows;

/// An engine of Django's, by its name in the records, with what stands for it.
pub(super) trait RecordedEngine: Send + Sync {
    /// The name in the records.
    fn name(&self) -> &'static str;

    /// The engine that stands for it, if it takes these settings; the keys are drawn one by one.
    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        keys: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError>;

    /// Puts there what an incoming cookie names, and gives what stands in it; `first` is the key that
    /// Django drew for it.
    async fn seed(
        &self,
        incoming: &str,
        first: &SessionKey,
        settings: &Settings,
        clock: &FakeClock,
    ) -> SessionKey {
        let keys = SequenceRng::new([first.expose()]);
        let engine = self.build(settings, clock, keys).expect("the settings have been taken");
        let site = Bare { engine, clock: clock.clone() };
        let key = site.stored(fields(incoming)).await;
        // Who has a cookie has been there once more, so that a cache has its copy.
        site.data(&key).await;
        key
    }

    /// All that is stored, in the form of the records: data decoded, names sorted.
    async fn rows(&self) -> Vec<[String; 3]> {
        Vec::new()
    }

    /// How many files there are, where the records tell that.
    fn files(&self) -> Option<usize> {
        None
    }

    /// Removes all that is stored.
    async fn empty(&self) {}
}

/// An engine and its clock.
struct Bare {
    engine: Arc<dyn SessionEngine>,
    clock: FakeClock,
}

impl AnySite for Bare {
    fn engine(&self) -> Arc<dyn SessionEngine> {
        Arc::clone(&self.engine)
    }

    fn clock(&self) -> &FakeClock {
        &self.clock
    }
}

/// A manager over a store.
pub(super) fn manager(
    store: impl SessionStore,
    codec: impl SessionCodec,
    settings: &Settings,
    clock: &FakeClock,
    keys: SequenceRng,
) -> Result<Arc<dyn SessionEngine>, SettingsError> {
    let manager = SessionManager::builder(store, codec)
        .with_settings(settings.clone())
        .with_clock(clock.clone())
        .with_rng(keys)
        .build()?;
    Ok(Arc::new(manager))
}

/// The engine `db`.
pub(super) struct Db {
    connection: DatabaseConnection,
}

impl Db {
    pub(super) fn over(database: &OwnDatabase) -> Self {
        Self { connection: database.connection().clone() }
    }

    fn store(&self) -> DbStore<session::Entity> {
        DbStore::new(self.connection.clone())
    }
}

impl RecordedEngine for Db {
    fn name(&self) -> &'static str {
        "db"
    }

    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        keys: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError> {
        let codec = codec(SECRET_KEY, Limits::default());
        manager(self.store(), codec, settings, clock, keys)
    }

    async fn seed(
        &self,
        incoming: &str,
        first: &SessionKey,
        settings: &Settings,
        clock: &FakeClock,
    ) -> SessionKey {
        let end = match incoming {
            "expired" => clock.now() - Span::from_secs(86_400),
            _ => clock.now() + settings.cookie_age,
        };
        let data = match incoming {
            "corrupt" => "garbage==".to_owned(),
            incoming => encoded(&dict(fields(incoming)), first, clock),
        };
        self.store().plant(first.expose(), &data, end).await;
        first.clone()
    }

    async fn rows(&self) -> Vec<[String; 3]> {
        let query = Statement::from_string(
            self.connection.get_database_backend(),
            "SELECT session_key, session_data, expire_date FROM django_session \
             ORDER BY session_key",
        );
        let rows = self.connection.query_all_raw(query).await.expect("the table can be read");
        let text = |row: &QueryResult, name| {
            row.try_get::<String>("", name).expect("the column holds text")
        };
        let read = |row: &QueryResult| {
            let key = text(row, "session_key");
            let data = sorted(&decoded(text(row, "session_data"), &key));
            [key, data, text(row, "expire_date")]
        };
        rows.iter().map(read).collect()
    }

    async fn empty(&self) {
        self.store().drain().await;
    }
}

/// The engine `signed_cookies` beside a Django that takes these formats.
pub(super) struct Cookies {
    pub(super) formats: Formats,
}

impl RecordedEngine for Cookies {
    fn name(&self) -> &'static str {
        "signed_cookies"
    }

    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        _: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError> {
        let keys = KeyRing::new(SECRET_KEY).expect("the secret key is not empty");
        let engine = SignedCookies::builder(keys)
            .with_formats(self.formats)
            .with_settings(settings.clone())
            .with_clock(clock.clone())
            .build()?;
        Ok(Arc::new(engine))
    }
}

/// The data that an incoming cookie names.
fn fields(incoming: &str) -> &'static str {
    match incoming {
        "valid_empty" => "{}",
        "valid_exp0" => r#"{"a":1,"_session_expiry":0}"#,
        _ => r#"{"a":1}"#,
    }
}

fn encoded(dict: &SessionDict, key: &SessionKey, clock: &FakeClock) -> String {
    let stored_key = StoredKey::from(key);
    let context = Context { stored_key: &stored_key, now: clock.now(), loaded_stamp: None };
    let data = codec(SECRET_KEY, Limits::default()).encode(dict, &context);
    data.expect("the data can be encoded").as_text().expect("rows are text").to_owned()
}

/// The data of a row; none where they cannot be decoded.
fn decoded(row: String, key: &str) -> SessionDict {
    let stored_key = StoredKey::from(key.to_owned());
    let now = FakeClock::default().now();
    let context = Context { stored_key: &stored_key, now, loaded_stamp: None };
    let data = SessionData::from_text(row);
    let decoded = codec(SECRET_KEY, Limits::default()).decode(&data, &context);
    decoded.map(|decoded| decoded.dict).unwrap_or_default()
}

fn sorted(dict: &SessionDict) -> String {
    let mut fields: Vec<String> = dict
        .iter()
        .map(|(name, value)| format!("{}:{}", serde_json::json!(name), value.as_str()))
        .collect();
    fields.sort();
    format!("{{{}}}", fields.join(","))
}
