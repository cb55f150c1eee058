//! What became of what a store was asked to do.

use std::sync::Arc;

use crate::{Loaded, Version};

/// What became of a creation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Created {
    /// Stored; the version, unless it takes another load to know it.
    Created(Option<Version>),
    /// Something, live or expired, is kept under this key already; nothing was written.
    Taken,
}

/// What became of a swap.
#[derive(Clone, Debug)]
pub enum Swapped {
    /// Written; the new version, unless it takes another load to know it.
    Swapped(Option<Version>),
    /// Another version is there, and nothing was written.
    Moved(Loaded),
    /// No live session is there, and nothing was written.
    Gone,
}

/// What became of a touch.
#[derive(Clone, Debug)]
pub enum Touched {
    /// The expiry was written; the new version, unless it takes another load to know it.
    Touched(Option<Version>),
    /// Another version is there, and nothing was written.
    Moved(Loaded),
    /// No live session is there, and nothing was written.
    Gone,
}

/// What became of a change of key.
#[derive(Clone, Debug)]
pub enum Cycled {
    /// Written under the new key, and the old key is dead; the new version as in [`Swapped`].
    Cycled(Option<Version>),
    /// Another version is under the old key, and nothing was written.
    Moved(Loaded),
    /// No live session is under the old key, and nothing was written.
    Gone,
    /// Something is kept under the new key already, and nothing was written.
    Taken,
}

/// Where a clearing goes on; only the store that gave it can read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor(Arc<str>);

impl Cursor {
    /// For stores: a position in a form of their own.
    #[must_use]
    pub fn new(position: impl Into<Arc<str>>) -> Self {
        Self(position.into())
    }

    /// The position, as the store wrote it.
    #[must_use]
    pub fn position(&self) -> &str {
        &self.0
    }
}

/// What one batch of a clearing did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swept {
    /// How many records were removed.
    pub deleted: u64,
    /// Where to go on; `None`: the store has been gone through.
    pub next: Option<Cursor>,
}
