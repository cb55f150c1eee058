//! Doing what was recorded.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use http::HeaderValue;
use http::header::VARY;
use lodger::axum::{LazySession, SessionLayer};
use lodger_core::{SessionEngine, SessionKey};
use lodger_testing::{FakeClock, SequenceRng};

use super::action::{Seen, perform};
use super::engine::RecordedEngine;
use super::outcome::Outcome;
use super::scenario::Scenario;
use crate::flow::journal::Journal;
use crate::flow::visitor::{Answer, send};

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
pub(super) fn keys() -> impl Iterator<Item = String> {
    (1..10).map(|number| format!("key{number:05}abcdefghijklmnopqrstuvwx"))
}

/// Runs a scenario where nothing is stored, and removes what it stored.
pub(super) async fn run(recorded: &impl RecordedEngine, scenario: &Scenario) -> Ran {
    let Some(settings) = scenario.settings() else { return Ran::SettingsRefused };
    let clock = FakeClock::default();
    let incoming = scenario.incoming.as_str();
    let seeded = matches!(incoming, "valid" | "valid_empty" | "valid_exp0" | "expired" | "corrupt");
    // A session that is there has taken the first key.
    let rng = SequenceRng::new(keys().skip(usize::from(seeded)));
    let Ok(engine) = recorded.build(&settings, &clock, rng) else { return Ran::SettingsRefused };
    let mut key = None;
    if seeded {
        let first = keys().next().expect("there are keys");
        let first = SessionKey::parse(&first, 128).expect("a key");
        key = Some(recorded.seed(incoming, &first, &settings, &clock).await);
    }
    let journal = Journal::begin();
    let (answer, seen) = visit(scenario, &engine, key.as_ref()).await;
    let suspicions = journal.take("lodger.security").len();
    drop(journal);
    let (rows, files) = (recorded.rows().await, recorded.files());
    recorded.empty().await;
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
        files,
        suspicions,
    })
}

/// The request with its cookie, and what the view saw.
async fn visit(
    scenario: &Scenario,
    engine: &Arc<dyn SessionEngine>,
    key: Option<&SessionKey>,
) -> (Answer, Option<Seen>) {
    let value = match scenario.incoming.as_str() {
        "none" => None,
        "unknown" => Some("unknownkey0123456789abcdefghijkl"),
        "short" => Some("abc"),
        "empty" => Some(""),
        _ => key.map(SessionKey::expose),
    };
    let cookie = value.map(|value| format!("{}={value}", engine.settings().cookie_name));
    let cookie = cookie.map(|cookie| HeaderValue::try_from(cookie).unwrap());
    let seen = Arc::new(Mutex::new(None));
    let view = {
        let (seen, scenario) = (Arc::clone(&seen), scenario.clone());
        let (engine, key) = (Arc::clone(engine), key.cloned());
        move |lazy: LazySession| {
            let (seen, scenario) = (Arc::clone(&seen), scenario.clone());
            let (engine, key) = (Arc::clone(&engine), key.clone());
            async move {
                let done = perform(&scenario.action, &lazy, &engine, key.as_ref()).await;
                *seen.lock().unwrap() = done;
                StatusCode::from_u16(scenario.status).unwrap()
            }
        }
    };
    let layer = SessionLayer::new(Arc::clone(engine));
    let app = Router::new().route("/", get(view)).layer(layer);
    let answer = send(&app, "/", cookie).await;
    let seen = seen.lock().unwrap().take();
    (answer, seen)
}
