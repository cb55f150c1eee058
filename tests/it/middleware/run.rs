//! Doing what was recorded.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use http::HeaderValue;
use http::header::VARY;
use lodger::axum::{LazySession, SessionLayer};
use lodger_backends::db::DbStore;
use lodger_core::{Clock, Limits, SessionData, SessionDict, SessionKey, Settings, Span, Timestamp};
use lodger_entity::session;
use lodger_manager::SessionManager;
use lodger_testing::{FakeClock, SequenceRng};
use lodger_tests::site::{SECRET_KEY, codec, dict};
use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::action::{Seen, perform};
use super::outcome::Outcome;
use super::scenario::Scenario;
use crate::flow::journal::Journal;
use crate::flow::rows::Rows;
use crate::flow::visitor::{Answer, send};

type Manager = SessionManager<DbStore<session::Entity>>;

/// What became of a scenario here.
#[derive(Debug)]
pub(super) enum Ran {
    Done(Outcome),
    /// The settings are refused when they are checked, or have no form at all.
    SettingsRefused,
    /// The action has no counterpart.
    NoSuchAction,
}

/// The recorded keys: these come from the recorder's source of randomness, one after the other.
fn keys() -> impl Iterator<Item = String> {
    (1..10).map(|number| format!("key{number:05}abcdefghijklmnopqrstuvwx"))
}

/// Runs a scenario in an empty table, and empties it again.
pub(super) async fn run(scenario: &Scenario, connection: &DatabaseConnection) -> Ran {
    let Some(settings) = scenario.settings() else { return Ran::SettingsRefused };
    let clock = FakeClock::default();
    let seeded = matches!(
        scenario.incoming.as_str(),
        "valid" | "valid_empty" | "valid_exp0" | "expired" | "corrupt"
    );
    let first = keys().next().expect("there are keys");
    // A session that is there has taken the first key.
    let rng = SequenceRng::new(keys().skip(usize::from(seeded)));
    let built = SessionManager::builder(
        DbStore::new(connection.clone()),
        codec(SECRET_KEY, Limits::default()),
    )
    .with_settings(settings.clone())
    .with_clock(clock.clone())
    .with_rng(rng)
    .build();
    let Ok(manager) = built else { return Ran::SettingsRefused };
    let manager = Arc::new(manager);
    let key = seeded.then(|| SessionKey::parse(&first, 128).expect("a key"));
    if let Some(key) = &key {
        seed(scenario, &manager, key, clock.now()).await;
    }
    let journal = Journal::begin();
    let (answer, seen) = visit(scenario, &settings, &manager, key.as_ref()).await;
    let suspicions = journal.take("lodger.security").len();
    drop(journal);
    let rows = rows(&manager, connection).await;
    manager.store().drain().await;
    let Some(seen) = seen else { return Ran::NoSuchAction };
    let interrupted = answer.status == 400 && scenario.status != 400;
    assert!(interrupted || answer.status == scenario.status, "{scenario:?}: {}", answer.status);
    Ran::Done(Outcome {
        flags: seen.flags,
        refused: seen.refused,
        interrupted,
        set_cookie: answer.set_cookie().map(str::to_owned),
        vary: answer.headers.get(VARY).map(|vary| vary.to_str().unwrap().to_owned()),
        rows,
        suspicions,
    })
}

/// Puts the row there that the incoming cookie names.
async fn seed(scenario: &Scenario, manager: &Manager, key: &SessionKey, now: Timestamp) {
    let end = match scenario.incoming.as_str() {
        "expired" => now - Span::from_secs(86_400),
        _ => now + manager.settings().cookie_age,
    };
    let data = match scenario.incoming.as_str() {
        "corrupt" => "garbage==".to_owned(),
        incoming => {
            let fields = match incoming {
                "valid_empty" => "{}",
                "valid_exp0" => r#"{"a":1,"_session_expiry":0}"#,
                _ => r#"{"a":1}"#,
            };
            let encoded = manager.encode(key, &dict(fields)).expect("the data can be encoded");
            encoded.as_text().expect("rows are text").to_owned()
        }
    };
    manager.store().plant(key.expose(), &data, end).await;
}

/// The request with its cookie, and what the view saw.
async fn visit(
    scenario: &Scenario,
    settings: &Settings,
    manager: &Arc<Manager>,
    key: Option<&SessionKey>,
) -> (Answer, Option<Seen>) {
    let value = match scenario.incoming.as_str() {
        "none" => None,
        "unknown" => Some("unknownkey0123456789abcdefghijkl"),
        "short" => Some("abc"),
        "empty" => Some(""),
        _ => key.map(SessionKey::expose),
    };
    let cookie = value.map(|value| format!("{}={value}", settings.cookie_name));
    let cookie = cookie.map(|cookie| HeaderValue::try_from(cookie).unwrap());
    let seen = Arc::new(Mutex::new(None));
    let view = {
        let (seen, scenario) = (Arc::clone(&seen), scenario.clone());
        let (manager, key) = (Arc::clone(manager), key.cloned());
        move |lazy: LazySession| {
            let (seen, scenario) = (Arc::clone(&seen), scenario.clone());
            let (manager, key) = (Arc::clone(&manager), key.clone());
            async move {
                let done = perform(&scenario.action, &lazy, &*manager, key.as_ref()).await;
                *seen.lock().unwrap() = done;
                StatusCode::from_u16(scenario.status).unwrap()
            }
        }
    };
    let app = Router::new().route("/", get(view)).layer(SessionLayer::new(manager.clone()));
    let answer = send(&app, "/", cookie).await;
    let seen = seen.lock().unwrap().take();
    (answer, seen)
}

/// What is stored, in the form of the records: data decoded, names sorted.
async fn rows(manager: &Manager, connection: &DatabaseConnection) -> Vec<[String; 3]> {
    let query = Statement::from_string(
        connection.get_database_backend(),
        "SELECT session_key, session_data, expire_date FROM django_session ORDER BY session_key",
    );
    let rows = connection.query_all_raw(query).await.expect("the table can be read");
    let text = |row: &sea_orm::QueryResult, name| {
        row.try_get::<String>("", name).expect("the column holds text")
    };
    let read = |row: &sea_orm::QueryResult| {
        let key = text(row, "session_key");
        let parsed = SessionKey::parse(&key, 128).expect("a key");
        let data = SessionData::from_text(text(row, "session_data"));
        [key, sorted(&manager.decode(&parsed, &data)), text(row, "expire_date")]
    };
    rows.iter().map(read).collect()
}

fn sorted(dict: &SessionDict) -> String {
    let mut fields: Vec<String> = dict
        .iter()
        .map(|(name, value)| format!("{}:{}", serde_json::json!(name), value.as_str()))
        .collect();
    fields.sort();
    format!("{{{}}}", fields.join(","))
}
