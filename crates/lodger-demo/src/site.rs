//! The routes.

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::{from_fn, map_response};
use axum::response::Response;
use axum::routing::{get, post};
use axum::{Extension, Router};
use lodger::axum::SessionLayer;
use lodger::core::SessionEngine;

use crate::journal::Journal;
use crate::store::Description;
use crate::{actions, cross_site, pages};

/// The longest form that is read, in bytes.
const LONGEST_FORM: usize = 64 << 10;

/// Holds for every answer. There are no scripts, so none may run, whatever got into a page.
const HEADERS: [(HeaderName, &str); 3] = [
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'",
    ),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
];

/// The site. The layer for sessions costs a route nothing whose handler does not ask for one.
pub(crate) fn router(
    engine: Arc<dyn SessionEngine>,
    journal: Arc<Journal>,
    description: Description,
) -> Router {
    Router::new()
        .route("/", get(pages::home::show))
        .route("/basket", post(actions::basket::add))
        .route("/basket/remove", post(actions::basket::remove))
        .route("/login", get(pages::login::show).post(actions::login::log_in))
        .route("/logout", post(actions::login::log_out))
        .route("/session", get(pages::session_page::show))
        .route("/session/field", post(actions::session::set_field))
        .route("/session/expiry", post(actions::session::set_expiry))
        .route("/session/cycle", post(actions::session::cycle))
        .route("/style.css", get(pages::asset::style))
        .route("/icon.svg", get(pages::asset::icon))
        .fallback(pages::error_page::not_found)
        .layer(Extension(journal))
        .layer(Extension(description))
        .layer(SessionLayer::new(engine))
        .layer(DefaultBodyLimit::max(LONGEST_FORM))
        .layer(from_fn(cross_site::refuse))
        // Outside the sessions, whose refusals have no body.
        .layer(from_fn(pages::error_page::fill_in))
        .layer(map_response(protect))
}

async fn protect(mut response: Response) -> Response {
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
