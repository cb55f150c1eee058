//! What a load saw.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What a load saw under a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// No live session.
    Absent,
    /// A live session with these data.
    Live(Document),
}

/// The data of a session as far as a history follows them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Document {
    /// The tags in the list, in its order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The fields that workers set, each with the tag that it holds.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// What the increments add up to.
    #[serde(skip_serializing_if = "is_zero")]
    pub counter: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl Seen {
    /// The data, if it was live.
    #[must_use]
    pub const fn document(&self) -> Option<&Document> {
        match self {
            Self::Absent => None,
            Self::Live(document) => Some(document),
        }
    }
}
