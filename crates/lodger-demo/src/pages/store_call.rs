//! A call to the store, in words.

use lodger::core::StoredKey;
use maud::{Markup, html};
use serde::Serialize;

use crate::journal::{Call, Entry};

#[derive(Serialize)]
pub(crate) struct StoreCall {
    call: Call,
    outcome: &'static str,
    microseconds: u64,
    /// Digests, the key before and the one after if it changed.
    sessions: Vec<String>,
}

impl From<Entry> for StoreCall {
    fn from(entry: Entry) -> Self {
        Self {
            call: entry.call,
            outcome: entry.outcome,
            microseconds: u64::try_from(entry.duration.as_micros()).unwrap_or(u64::MAX),
            sessions: entry.keys.iter().map(digest).collect(),
        }
    }
}

impl StoreCall {
    pub(crate) fn row(&self) -> Markup {
        let milliseconds = self.microseconds as f64 / 1000.0;
        html! {
            tr {
                th scope="row" {
                    code { (self.name()) }
                    span.hint { (self.meaning()) }
                }
                td { (self.outcome) }
                td.number { (format!("{milliseconds:.2} ms")) }
            }
        }
    }

    const fn name(&self) -> &'static str {
        match self.call {
            Call::Load => "load",
            Call::Create => "create",
            Call::Swap => "swap",
            Call::Touch => "touch",
            Call::Cycle => "cycle",
            Call::Delete => "delete",
        }
    }

    const fn meaning(&self) -> &'static str {
        match self.call {
            Call::Load => "read the session under your key",
            Call::Create => "store a new session, unless the key is in use",
            Call::Swap => "replace the data, unless somebody changed them meanwhile",
            Call::Touch => "move the end, unless somebody changed the session meanwhile",
            Call::Cycle => "move the session to a fresh key",
            Call::Delete => "remove the session",
        }
    }
}

/// A short digest that stands for a key, the same until the program ends. It tells nothing about the
/// key, which is not shown anywhere: whoever knows it holds the session.
pub(crate) fn digest(key: &StoredKey) -> String {
    let shown = format!("{key:?}");
    shown.trim_start_matches("StoredKey(").trim_end_matches(')').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Promise 12
    #[test]
    fn the_digest_is_short_and_not_the_key() {
        let key = StoredKey::from("canarycanarycanary".to_owned());
        let digest = digest(&key);
        assert_eq!((digest.len(), &digest[..1]), (9, "#"));
        assert!(!digest.contains("canary"));
    }
}
