//! What nothing that is logged or printed may show.
//!
//! All keys and secrets of the tests have a canary in them: those that a [`Site`](crate::site::Site)
//! makes, those that are made up, those that were recorded, and the secret that signs. `cargo xtask
//! test` looks for canaries in all that the tests print; what they log is looked at here.

use std::fmt::{Debug, Write};
use std::sync::Once;

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::report;

/// The canaries, one a line.
const CANARIES: &str = include_str!("../data/canaries.txt");

/// The beginning of the keys that are made or made up.
pub const KEY: &str = "canarykey";

/// From now on whatever this process logs is looked at, from the level `TRACE` on, and what shows a
/// canary is reported. What a test logs to a subscriber of its own is not.
pub fn watch() {
    static WATCH: Once = Once::new();
    WATCH.call_once(|| {
        tracing::subscriber::set_global_default(Watch).expect("nobody else watches");
    });
}

/// Whether a text shows a key or a secret.
#[must_use]
pub fn is_in(text: &str) -> bool {
    CANARIES.lines().any(|canary| text.contains(canary))
}

struct Watch;

impl Watch {
    fn look(metadata: &Metadata<'_>, record: impl FnOnce(&mut Text)) {
        let mut text = Text(String::new());
        record(&mut text);
        if is_in(&text.0) {
            report::leak(&format!("{}:{}", metadata.target(), text.0));
        }
    }
}

impl Subscriber for Watch {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn event(&self, event: &Event<'_>) {
        Self::look(event.metadata(), |text| event.record(text));
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        Self::look(span.metadata(), |text| span.record(text));
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        let mut text = Text(String::new());
        values.record(&mut text);
        if is_in(&text.0) {
            report::leak(&format!("a span:{}", text.0));
        }
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("writing to a text does not fail");
    }
}
