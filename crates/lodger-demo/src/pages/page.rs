//! One page, for people and for programs.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::Markup;
use serde::Serialize;

use super::layout;
use crate::visitor::Visitor;
use crate::wanted::Wanted;

/// What a page shows. Programs get the same as JSON.
pub(crate) trait Page: Serialize {
    fn title(&self) -> &str;

    /// Who is visiting; `None` where the page has not looked.
    fn visitor(&self) -> Option<&Visitor>;

    /// The address that the navigation marks as the present one.
    fn address(&self) -> &'static str;

    fn content(&self) -> Markup;

    /// The answer with this page.
    fn answer(&self, wanted: Wanted) -> Response
    where
        Self: Sized,
    {
        let (kind, body) = match wanted {
            Wanted::Html => ("text/html; charset=utf-8", Ok(layout::around(self).into_string())),
            Wanted::Json => ("application/json", serde_json::to_string(self)),
        };
        let Ok(body) = body else {
            tracing::error!("a page has no JSON form");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
            // What one visitor saw is not for the next one at the same machine.
            (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (header::VARY, HeaderValue::from_static("accept")),
        ];
        (headers, body).into_response()
    }
}
