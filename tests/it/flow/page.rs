//! The pages of a site on which anything can be done to a session.

use axum::Router;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use lodger::axum::{LazySession, Session, SessionError};
use serde::Deserialize;

/// `/{deed}` does it, and answers with the names of the fields; `?status=500` says with which
/// status.
pub(crate) fn pages() -> Router {
    Router::new().route("/{deed}", get(page))
}

#[derive(Deserialize)]
struct Ending {
    status: Option<u16>,
}

async fn page(
    Path(deed): Path<String>,
    Query(ending): Query<Ending>,
    session: LazySession,
) -> Result<Response, SessionError> {
    let body = match deed.as_str() {
        "untouched" => String::new(),
        "loaded" => session.load().await.map(|_| String::new())?,
        deed => {
            let session = session.load().await?;
            perform(&session, deed).await?;
            if deed.starts_with("blind") { String::new() } else { session.keys().join(",") }
        }
    };
    let status = ending.status.map_or(StatusCode::OK, |code| StatusCode::from_u16(code).unwrap());
    Ok((status, body).into_response())
}

async fn perform(session: &Session, deed: &str) -> Result<(), SessionError> {
    match deed {
        "read" => {}
        "set" => session.insert("x", &1)?,
        "set_other" => session.insert("y", &2)?,
        "count" => session.increment("n", 1).map(|_| ())?,
        "clear" => session.clear()?,
        "mark" => session.mark_modified()?,
        "remove" => session.remove("a").map(|_| ())?,
        "save" => session.save().await?,
        "delete" => session.delete().await.map(|_| ())?,
        "logout" | "blind_logout" => session.flush()?,
        "logout_now" => session.flush_now().await?,
        "logout_and_set" => {
            session.flush()?;
            session.insert("x", &1)?;
        }
        "cycle" => session.cycle_key()?,
        "login" => {
            session.cycle_key()?;
            session.insert("user", "ada")?;
        }
        _ => panic!("there is no deed {deed}"),
    }
    Ok(())
}
