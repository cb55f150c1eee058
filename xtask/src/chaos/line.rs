use serde::Deserialize;

/// What the program of the tests prints: one fault on one backend.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Line {
    Row(Row),
    Skip { fault: String, backend: String, reason: String },
}

/// What was counted.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Row {
    pub(super) fault: String,
    pub(super) backend: String,
    pub(super) tier: String,
    pub(super) may_lose: Cost,
    pub(super) injections: u64,
    pub(super) acknowledged: u64,
    pub(super) lost: u64,
    pub(super) resurrected: u64,
    pub(super) undone: u64,
    pub(super) wrong: u64,
    pub(super) misled: u64,
    pub(super) unknown: u64,
    pub(super) unavailable: u64,
    pub(super) recovery_ms: Option<u64>,
    pub(super) findings: Vec<String>,
    pub(super) kind: Kind,
    /// What a promise forbids of it, in words.
    pub(super) forbidden: Vec<String>,
}

/// What a fault may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Cost {
    Nothing,
    Saves,
    Writes,
}

/// What is summed up over all faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Kill,
    Cut,
    Other,
}
