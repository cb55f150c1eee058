//! Keys and data are never logged, nor printed by what a handler can get at.

use axum::Router;
use axum::routing::get;
use http::HeaderValue;
use lodger::axum::{LazySession, SessionLayer};
use lodger_core::{OnInterrupted, SessionKey, Settings};
use lodger_testing::{Fault, Method, SequenceRng};
use lodger_tests::site::{SECRET_KEY, Site, codec};

use super::journal::Journal;
use super::page::pages;
use super::rows::Rows;
use super::visitor::{app, ask, send};

on_one_thread!(nothing_that_is_logged_or_printed_shows_a_key_or_data);

/// A part of every key and of every value that is used here.
const CANARY: &str = "canary";

/// A handler that looks at everything that can be printed, and at every error.
async fn print_all(lazy: LazySession) -> String {
    let mut printed = format!("{lazy:?}");
    match lazy.load().await {
        Ok(session) => {
            session.insert("bird", "canary in a cage").unwrap();
            printed += &format!("{session:?} {:?}", session.session_key());
            printed += &format!("{:?}", session.increment("bird", 1));
            printed += &format!("{:?}", session.get::<i64>("bird"));
            printed += &format!("{:?}", session.append("bird", "canary"));
            printed += &match session.save().await {
                Ok(()) => String::new(),
                Err(error) => format!("{error} {error:?}"),
            };
            printed += &format!("{session:?}");
        }
        Err(rejection) => printed += &format!("{rejection} {rejection:?}"),
    }
    printed
}

/// Promise 12
async fn nothing_that_is_logged_or_printed_shows_a_key_or_data<S: Rows>(store: S) {
    let keys = (100..999).map(|number| format!("canarycanarycanarycanarycanar{number}"));
    let mut settings = Settings::default();
    settings.on_interrupted = OnInterrupted::BadRequest;
    settings.limits.session_data = 2000;
    let codec = codec(SECRET_KEY, settings.limits.clone());
    let site = Site::with_codec(store, codec, |builder| {
        builder.with_settings(settings).with_rng(SequenceRng::new(keys))
    });
    let pages = pages().route("/print", get(print_all)).route(
        "/large",
        get(async |session: lodger::axum::Session| {
            session.insert("bird", &"canary".repeat(1000)).unwrap();
        }),
    );
    let app = app(&site, pages);
    let journal = Journal::begin();
    let mut printed = Vec::new();

    // Whatever happens to a session, with each kind of fault.
    for method in [Method::Load, Method::Create, Method::Swap, Method::Cycle, Method::Delete] {
        for fault in [Fault::None, Fault::Unavailable, Fault::RequestLost] {
            let key = site.stored(r#"{"bird":"canary","a":1}"#).await;
            for path in ["/print", "/set", "/cycle", "/login?status=500", "/large", "/logout"] {
                site.faults.script(method, [fault]);
                printed.push(ask(&app, path, Some(&key)).await.body);
                printed.push(ask(&app, path, None).await.body);
                site.faults.heal();
            }
        }
    }
    // Ended elsewhere, undecodable, unknown, misspelt.
    let key = site.stored(r#"{"bird":"canary"}"#).await;
    site.manager.revoke(&key).await.unwrap();
    printed.push(ask(&app, "/print", Some(&key)).await.body);
    let planted = "plantedcanary0123456789canary";
    let end = lodger_core::Timestamp::from_secs(1_800_000_000);
    site.faults.store().plant(planted, "canary:canary:canary", end).await;
    let planted = SessionKey::parse(planted, 128).unwrap();
    printed.push(ask(&app, "/print", Some(&planted)).await.body);
    for cookie in ["canary", "\"canary canary\\000\"", "canary\u{e9}canary"] {
        let cookie = HeaderValue::try_from(format!("sessionid={cookie}")).unwrap();
        printed.push(send(&app, "/print", [cookie]).await.body);
    }
    printed.push(format!("{:?}", SessionLayer::new(site.manager.clone())));
    let answer = ask(&app, "/set", None).await;
    assert!(answer.set_cookie().unwrap().contains(CANARY), "the keys are as scripted");
    printed.push(format!("{:?}", answer.headers));

    let logged = journal.text();
    for target in ["lodger.security", "lodger_http", "lodger_manager"] {
        assert!(logged.contains(target), "nothing was logged by {target}");
    }
    let lines: Vec<&str> = logged.lines().filter(|line| line.contains(CANARY)).collect();
    assert!(lines.is_empty(), "{lines:#?}");
    // The names of fields are no secret; what is in them is.
    assert!(printed.iter().any(|text| text.contains("bird")), "sessions were printed");
    let shown: Vec<&String> = printed.iter().filter(|text| text.contains(CANARY)).collect();
    assert!(shown.is_empty(), "{shown:#?}");
}

/// What the test above would see of an application that logs the key.
#[tokio::test]
async fn a_key_that_is_logged_is_seen() {
    let site = Site::new(lodger_backends::memory::MemoryStore::default());
    let page = get(async |lazy: LazySession| {
        tracing::trace!(key = lazy.session_key().unwrap().expose(), "careless");
    });
    let journal = Journal::begin();
    let key = SessionKey::parse("a careless canary", 128).unwrap();
    ask(&app(&site, Router::new().route("/", page)), "/", Some(&key)).await;
    assert!(journal.text().contains(CANARY));
}
