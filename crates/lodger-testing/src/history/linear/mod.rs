//! Whether some order of the operations explains what came of each.
//!
//! A session is a latch that opens once and closes once, with data behind it: absent, live under one
//! key after the other, dead. An operation takes effect at one instant between its call and its
//! answer; one of unknown outcome at any later instant, or never.

mod model;
mod search;
mod step;

pub(super) use search::{Order, order};
