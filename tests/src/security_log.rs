//! What was reported on the target `lodger.security`.

use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Runs `work` and gives its result and the lines that it reported, fields included.
pub fn watch<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let log = SecurityLog::default();
    let result = tracing::subscriber::with_default(log.clone(), work);
    let lines = log.lines.lock().unwrap_or_else(PoisonError::into_inner).clone();
    (result, lines)
}

#[derive(Clone, Default)]
struct SecurityLog {
    lines: Arc<Mutex<Vec<String>>>,
}

impl Subscriber for SecurityLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "lodger.security"
    }

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().level().to_string());
        event.record(&mut line);
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.0);
    }

    // There are no spans on this target.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).expect("writing to a text does not fail");
    }
}
