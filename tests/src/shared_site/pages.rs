//! The pages that each of the processes serves.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::Result;
use axum::Router;
use axum::extract::{Path, Query};
use axum::routing::get;
use lodger::axum::{Session, SessionError, SessionLayer};
use lodger_core::{AnyStore, Settings};
use lodger_manager::SessionManager;
use serde::{Deserialize, Serialize};
use tokio::net::TcpListener;

use crate::site::{SECRET_KEY, codec};

/// With time enough for many at once on a busy machine.
#[must_use]
pub fn patient() -> Settings {
    let mut settings = Settings::default();
    settings.limits.store_call = Duration::from_secs(60);
    settings.limits.commit = Duration::from_secs(120);
    settings
}

/// A process's site over a store.
///
/// `/{deed}?after=20&field=x` loads the session, waits so many milliseconds and does the deed, and
/// answers with a [`Report`]. `/renewed/{deed}` does the same with `save_every_request`.
///
/// # Errors
///
/// When the settings cannot work.
pub fn site(store: AnyStore, settings: &Settings) -> Result<Router> {
    let mut renewing = settings.clone();
    renewing.save_every_request = true;
    let plain = Router::new().route("/{deed}", get(page));
    let renewed = Router::new().route("/renewed/{deed}", get(page));
    let plain = plain.layer(layer(store.clone(), settings.clone())?);
    Ok(plain.merge(renewed.layer(layer(store, renewing)?)))
}

fn layer(store: AnyStore, settings: Settings) -> Result<SessionLayer> {
    let codec = codec(SECRET_KEY, settings.limits.clone());
    let manager = SessionManager::builder(store, codec).with_settings(settings).build()?;
    Ok(SessionLayer::new(Arc::new(manager)))
}

/// Serves a site for as long as the process lives.
///
/// # Errors
///
/// When the listener fails.
pub async fn serve(listener: TcpListener, site: Router) -> Result<()> {
    Ok(axum::serve(listener, site).await?)
}

/// What a page answers.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Report {
    /// What the session that was loaded says of its origin.
    pub origin: Option<String>,
    /// When the deed was done, of which nothing was stored by then: microseconds of the machine's
    /// clock, which is the same for all processes.
    pub done: u128,
}

impl Report {
    /// That clock.
    ///
    /// # Panics
    ///
    /// When it shows a time before 1970.
    #[must_use]
    pub fn now() -> u128 {
        SystemTime::now().duration_since(UNIX_EPOCH).expect("it is later than 1970").as_micros()
    }
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    after: u64,
    #[serde(default)]
    field: String,
}

async fn page(
    Path(deed): Path<String>,
    Query(asked): Query<Asked>,
    session: Session,
) -> Result<String, SessionError> {
    let origin = session.get("origin")?;
    tokio::time::sleep(Duration::from_millis(asked.after)).await;
    perform(&session, &deed, &asked.field).await?;
    let report = Report { origin, done: Report::now() };
    Ok(serde_json::to_string(&report).expect("a report is plain data"))
}

async fn perform(session: &Session, deed: &str, field: &str) -> Result<(), SessionError> {
    match deed {
        "read" => {}
        "begin" => session.insert("origin", field)?,
        "set" => session.insert(field, &1)?,
        "increment" => session.increment(field, 1).map(|_| ())?,
        "cycle" => session.cycle_key()?,
        "login" => {
            session.cycle_key()?;
            session.insert(field, &1)?;
        }
        "logout" => session.flush()?,
        "logout_now" => session.flush_now().await?,
        _ => panic!("there is no deed {deed}"),
    }
    Ok(())
}
