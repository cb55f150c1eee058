//! Looking at a session.

use std::sync::Arc;

use axum::Extension;
use axum::response::Response;
use chrono::{DateTime, SecondsFormat, Utc};
use lodger::axum::LazySession;
use lodger::core::StoredKey;
use lodger::{SessionDict, Span};
use maud::Markup;
use serde::Serialize;

use super::content;
use crate::journal::Journal;
use crate::pages::page::Page;
use crate::pages::store_call::{StoreCall, digest};
use crate::refusal::Refusal;
use crate::store::Description;
use crate::visitor::Visitor;
use crate::wanted::Wanted;

#[derive(Serialize)]
pub(super) struct SessionPage {
    #[serde(serialize_with = "super::fields::serialize")]
    pub(super) fields: SessionDict,
    /// RFC 3339, in UTC.
    pub(super) expiry_date: String,
    #[serde(rename = "expiry_age", serialize_with = "whole_seconds")]
    pub(super) age: Span,
    pub(super) expire_at_browser_close: bool,
    #[serde(flatten)]
    pub(super) visitor: Visitor,
    pub(super) empty: bool,
    pub(super) store: Vec<StoreCall>,
    /// Stands for the key, which is never shown. `None`: nothing is stored.
    #[serde(skip)]
    pub(super) digest: Option<String>,
    #[serde(skip)]
    pub(super) kept: Description,
}

/// Shows the session. Looking changes nothing: the date in the row, which a Django on the same table
/// reads too, stays as the last save left it. The extractor would load before the mark is set, so this
/// handler loads by itself.
pub(crate) async fn show(
    wanted: Wanted,
    Extension(journal): Extension<Arc<Journal>>,
    Extension(kept): Extension<Description>,
    lazy: LazySession,
) -> Result<Response, Refusal> {
    let storage = lazy.settings().key_storage;
    let mark = journal.mark();
    let presented = lazy.session_key();
    let session = lazy.load().await?;

    let fields = session.fields();
    // Known from here on: the fields were looked at.
    let stored = session.session_key();
    let keys: Vec<StoredKey> =
        [&presented, &stored].into_iter().flatten().map(|key| storage.stored(key)).collect();
    let date = DateTime::<Utc>::from(session.expiry_date());
    let page = SessionPage {
        fields,
        expiry_date: date.to_rfc3339_opts(SecondsFormat::Micros, true),
        age: session.expiry_age(),
        expire_at_browser_close: session.expire_at_browser_close(),
        visitor: Visitor::of(&session),
        empty: session.is_empty(),
        store: journal.since(mark, &keys).into_iter().map(StoreCall::from).collect(),
        digest: stored.as_ref().map(|key| digest(&storage.stored(key))),
        kept,
    };
    Ok(page.answer(wanted))
}

fn whole_seconds<S: serde::Serializer>(span: &Span, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64(span.whole_seconds())
}

impl Page for SessionPage {
    fn title(&self) -> &str {
        "Your session"
    }

    fn visitor(&self) -> Option<&Visitor> {
        Some(&self.visitor)
    }

    fn address(&self) -> &'static str {
        "/session"
    }

    fn content(&self) -> Markup {
        content::of(self)
    }
}
