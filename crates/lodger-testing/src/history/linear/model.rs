//! A session as a latch with data behind it.

use std::collections::BTreeMap;

use crate::history::{Event, KeyDigest};

/// What a session is at an instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) enum Latch<'a> {
    /// It was not made yet.
    #[default]
    Absent,
    /// It can be used under this key.
    Live(KeyDigest, Data<'a>),
    /// It ended, and nothing brings it back.
    Dead,
}

/// What lies behind the latch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Data<'a> {
    pub(super) tags: Vec<&'a str>,
    pub(super) fields: BTreeMap<&'a str, &'a str>,
    pub(super) counter: i64,
    pub(super) deadline: Option<u64>,
}

impl<'a> Data<'a> {
    /// With the change that an event makes.
    pub(super) fn with(mut self, event: &'a Event) -> Self {
        let tag = event.tag.as_deref();
        self.tags.extend(tag);
        if let (Some(field), Some(tag)) = (event.field.as_deref(), tag) {
            self.fields.insert(field, tag);
        }
        self.counter += event.by.unwrap_or(0);
        self.deadline = event.deadline.or(self.deadline);
        self
    }

    /// Whether a load saw just this.
    pub(super) fn is(&self, seen: &crate::history::Document) -> bool {
        self.counter == seen.counter
            && self.tags.iter().copied().eq(seen.tags.iter().map(String::as_str))
            && self.fields.len() == seen.fields.len()
            && self
                .fields
                .iter()
                .all(|(field, tag)| seen.fields.get(*field).is_some_and(|held| held == tag))
    }
}
