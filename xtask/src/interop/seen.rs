use anyhow::Result;
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

/// A row of `django_session` as Django reads it.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) session_key: String,
    pub(super) session_data: String,
    expire_date: String,
    /// What Django's `signing.loads` finds in the data; none if it refuses them.
    pub(super) text: Option<String>,
}

impl Row {
    pub(super) fn expire_date(&self) -> Result<Instant> {
        Instant::parse(&self.expire_date)
    }
}
