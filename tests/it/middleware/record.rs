//! What Django was seen to do.

use lodger_tests::vectors::{Vectors, gave};
use serde_json::Value;

use super::outcome::Outcome;
use super::scenario::Scenario;

/// One record of an engine.
pub(super) struct Record {
    pub(super) scenario: Scenario,
    pub(super) outcome: Outcome,
    /// What the response phase raised, but for a session that was interrupted.
    pub(super) raised: Option<String>,
    /// The first release that gave it.
    pub(super) release: String,
    /// How many releases gave it.
    pub(super) releases: usize,
    /// Whether the newest release is one of them.
    pub(super) newest: bool,
}

/// All records of an engine, of any release.
pub(super) fn records(engine: &str) -> Vec<Record> {
    let vectors = Vectors::read("middleware");
    let newest = vectors.versions().len() - 1;
    let of_engine = vectors.section("scenarios").iter().filter(|record| record["e"] == engine);
    let release = |record: &Value| {
        let first = (0..=newest).find(|release| gave(record, *release));
        vectors.versions()[first.expect("a record names its releases")].clone()
    };
    of_engine.map(|record| read(record, release(record), gave(record, newest))).collect()
}

fn read(record: &Value, release: String, newest: bool) -> Record {
    let text = |name: &str| record[name].as_str().map(str::to_owned);
    let needed = |name: &str| text(name).unwrap_or_else(|| panic!("{name} of {record}"));
    let raised = text("exc");
    let is_interruption = |raised: &String| raised.starts_with("SessionInterrupted");
    let log = record["log"].as_array().map_or(&[][..], Vec::as_slice);
    let suspicious = |line: &&Value| line.as_str().is_some_and(|line| line.contains("Suspicious"));
    Record {
        scenario: Scenario {
            settings: needed("s"),
            incoming: needed("in"),
            action: needed("a"),
            status: u16::try_from(record["st"].as_u64().expect("a status")).expect("a status"),
        },
        outcome: Outcome {
            flags: needed("flags"),
            refused: text("action_exc").is_some(),
            interrupted: raised.as_ref().is_some_and(is_interruption),
            set_cookie: text("set_cookie"),
            vary: text("vary"),
            rows: rows(&record["rows"]),
            files: record["files"].as_u64().and_then(|files| usize::try_from(files).ok()),
            suspicions: log.iter().filter(suspicious).count(),
        },
        raised: raised.filter(|raised| !is_interruption(raised)),
        release,
        releases: record["v"].as_array().map_or(0, Vec::len),
        newest,
    }
}

/// Of an engine that has none, none are recorded.
fn rows(rows: &Value) -> Vec<[String; 3]> {
    if rows.is_null() {
        return Vec::new();
    }
    let mut rows: Vec<[String; 3]> =
        serde_json::from_value(rows.clone()).expect("a row has three texts");
    rows.sort();
    rows
}
