//! Whether two dicts mean the same in Python.

use lodger_core::{JsonText, SessionDict};
use serde_json::Value;

/// The recordings hold the names of nested objects sorted and the numbers as Python prints them.
pub(super) fn same(ours: &SessionDict, recorded: &SessionDict) -> bool {
    ours.len() == recorded.len()
        && ours.iter().all(|(name, value)| {
            recorded.iter().any(|(other, recorded)| name == other && same_value(value, recorded))
        })
}

fn same_value(ours: &JsonText, recorded: &JsonText) -> bool {
    let values = || Some((ours.decode::<Value>().ok()?, recorded.decode::<Value>().ok()?));
    let floats = || Some((ours.decode::<f64>().ok()?, recorded.decode::<f64>().ok()?));
    ours == recorded
        || values().is_some_and(|(ours, recorded)| ours == recorded)
        || floats().is_some_and(|(ours, recorded)| ours == recorded)
}
