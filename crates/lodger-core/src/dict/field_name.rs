//! The name of a field, compared decoded.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use indexmap::Equivalent;

use super::python;

/// A field's name: its text, or, when that is no Unicode text because of a lone surrogate, the
/// JSON string it came as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FieldName {
    Text(Arc<str>),
    /// With its quotes.
    Raw(Arc<str>),
}

impl FieldName {
    /// From a valid JSON string with its quotes.
    pub(super) fn from_json(quoted: &str) -> Self {
        let inner = &quoted[1..quoted.len() - 1];
        if !inner.contains('\\') {
            return Self::Text(inner.into());
        }
        match serde_json::from_str::<String>(quoted) {
            Ok(text) => Self::Text(text.into()),
            Err(_) => Self::Raw(quoted.into()),
        }
    }

    /// The text; of a name that has none, its JSON string.
    pub(super) fn as_str(&self) -> &str {
        match self {
            Self::Text(text) | Self::Raw(text) => text,
        }
    }

    pub(super) fn write_json(&self, out: &mut String) {
        match self {
            Self::Text(text) => python::write_string(text, out),
            Self::Raw(quoted) => out.push_str(quoted),
        }
    }
}

impl Hash for FieldName {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl Equivalent<FieldName> for str {
    fn equivalent(&self, name: &FieldName) -> bool {
        matches!(name, FieldName::Text(text) if **text == *self)
    }
}
