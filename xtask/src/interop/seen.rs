use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use super::instant::Instant;

/// What a site says about the session of a request: both say it in this form.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Seen {
    pub(super) fields: Map<String, Value>,
    expiry_date: String,
    pub(super) expiry_age: f64,
    pub(super) expire_at_browser_close: bool,
    pub(super) user_id: Option<String>,
    pub(super) empty: bool,
}

impl Seen {
    pub(super) fn expiry_date(&self) -> Result<Instant> {
        Instant::parse(&self.expiry_date)
    }

    /// One field, `null` if it is absent.
    pub(super) fn field(&self, name: &str) -> &Value {
        self.fields.get(name).unwrap_or(&Value::Null)
    }
}

/// A session as it is stored, past both sites' own views of it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Stored {
    pub(super) session_key: String,
    /// The encoded text; none in a cache, which holds a pickle.
    pub(super) session_data: Option<String>,
    expire_date: String,
    /// The JSON document that Django's own means find in the data; none if they refuse them.
    pub(super) text: Option<String>,
    /// The same of the copy in the cache before a table.
    pub(super) cached: Option<String>,
}

impl Stored {
    pub(super) fn expire_date(&self) -> Result<Instant> {
        Instant::parse(&self.expire_date)
    }

    /// The encoded text, of what must be one.
    pub(super) fn data(&self) -> Result<&str> {
        self.session_data.as_deref().context("what is stored is no text")
    }
}
