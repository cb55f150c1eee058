//! What is shown when something is wrong.

use axum::body::HttpBody;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use maud::{Markup, html};
use serde::Serialize;

use super::page::Page;
use crate::refusal::Refusal;
use crate::visitor::Visitor;
use crate::wanted::Wanted;

#[derive(Serialize)]
struct ErrorPage {
    status: u16,
    #[serde(rename = "error")]
    message: String,
    #[serde(skip)]
    title: &'static str,
}

pub(crate) async fn not_found() -> StatusCode {
    StatusCode::NOT_FOUND
}

/// Makes a page of an error that came without a body: a [`Refusal`] of ours, a status alone from the
/// router or from the layer for sessions.
pub(crate) async fn fill_in(wanted: Wanted, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || response.body().size_hint().exact() != Some(0) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let refusal = parts.extensions.remove().unwrap_or_else(|| Refusal::of_status(status));
    let page = ErrorPage {
        status: status.as_u16(),
        message: refusal.message.into_owned(),
        title: status.canonical_reason().unwrap_or("Error"),
    };
    let (shown, body) = page.answer(wanted).into_parts();
    // What was decided stays, cookies above all.
    parts.headers.remove(header::CONTENT_LENGTH);
    for (name, value) in shown.headers {
        let Some(name) = name else { continue };
        if name == header::VARY {
            parts.headers.append(name, value);
        } else {
            parts.headers.insert(name, value);
        }
    }
    Response::from_parts(parts, body)
}

impl Page for ErrorPage {
    fn title(&self) -> &str {
        self.title
    }

    /// Asking for the session might be what failed.
    fn visitor(&self) -> Option<&Visitor> {
        None
    }

    fn address(&self) -> &'static str {
        ""
    }

    fn content(&self) -> Markup {
        html! {
            h1 { (self.title) }
            p { (self.message) }
            p.actions {
                a.button href="/" { "To the home page" }
                a.button.quiet href="/session" { "To your session" }
            }
        }
    }
}
