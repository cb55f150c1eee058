//! A line of the table, and what a promise forbids in it.

use std::ops::AddAssign;
use std::time::Duration;

use serde::Serialize;

/// How durably a backend keeps what it has acknowledged: the tiers of promise 2.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum Tier {
    /// The memory of a process.
    T0,
    /// Until eviction or restart.
    T1,
    /// Outlives a killed server.
    T2,
    /// Copied to another machine later.
    T3,
    /// Outlives a loss of power.
    T4,
}

/// What a fault may cost where a backend does not promise to keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Cost {
    /// Nothing.
    Nothing,
    /// Acknowledged saves.
    Saves,
    /// Any acknowledged write, a deletion or a change of key too, so that what was ended is back.
    Writes,
}

/// So many findings are told.
const FIRST: usize = 5;

/// What was counted under a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// How often the fault was inflicted.
    pub injections: u64,
    /// Saves that were acknowledged.
    pub acknowledged: u64,
    /// Acknowledged saves that are not stored.
    pub lost: u64,
    /// Those of them whose session is there without them.
    pub torn: u64,
    /// Loads and saves that found a session which had been ended.
    pub resurrected: u64,
    /// Endings that somebody has seen, though nobody was told that they succeeded, and that were
    /// undone.
    pub undone: u64,
    /// Answers that do not agree with what is stored: a session that is there called absent, a save
    /// that surely was not applied and was, one that was applied twice, another one's data.
    pub wrong: u64,
    /// Loads that were shown an old copy, or one that somebody had put there past Lodger, as far as a
    /// limit is printed.
    pub misled: u64,
    /// Saves of which it was said that they may have been applied.
    pub unknown: u64,
    /// Loads and saves of which it was said that surely nothing was applied.
    pub unavailable: u64,
    /// The longest time from the end of the fault until a load was answered.
    pub recovery_ms: Option<u128>,
    /// What was lost or wrong, in words; the first few.
    pub findings: Vec<String>,
}

impl Tally {
    /// With this many injections and nothing else.
    #[must_use]
    pub fn injected(injections: u64) -> Self {
        Self { injections, ..Self::default() }
    }

    /// Of what could not be carried through, for this reason: nothing was inflicted.
    #[must_use]
    pub fn failed(reason: String) -> Self {
        Self { findings: vec![reason], ..Self::default() }
    }

    /// Notes what was lost or wrong.
    pub fn finding(&mut self, finding: String) {
        if self.findings.len() < FIRST {
            self.findings.push(finding);
        }
    }

    /// Counts a wrong answer.
    pub fn wrong(&mut self, finding: String) {
        self.wrong += 1;
        // Before what a tier may have lost.
        self.findings.insert(0, finding);
        self.findings.truncate(FIRST);
    }

    /// Notes how long it took to be answered again.
    pub fn recovered_in(&mut self, time: Duration) {
        self.recovery_ms = self.recovery_ms.max(Some(time.as_millis()));
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.injections += other.injections;
        self.acknowledged += other.acknowledged;
        self.lost += other.lost;
        self.torn += other.torn;
        self.resurrected += other.resurrected;
        self.undone += other.undone;
        self.wrong += other.wrong;
        self.misled += other.misled;
        self.unknown += other.unknown;
        self.unavailable += other.unavailable;
        self.recovery_ms = self.recovery_ms.max(other.recovery_ms);
        for finding in other.findings {
            self.finding(finding);
        }
    }
}

/// A fault on a backend, and what was counted.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// Its name.
    pub fault: &'static str,
    /// The backend's.
    pub backend: &'static str,
    /// How durably that keeps sessions.
    pub tier: Tier,
    /// What the fault may cost.
    pub may_lose: Cost,
    /// What was counted.
    #[serde(flatten)]
    pub tally: Tally,
}

impl Row {
    /// What a promise forbids of what was counted; nothing, if all is well.
    #[must_use]
    pub fn forbidden(&self) -> Vec<String> {
        let Tally { injections, acknowledged, unknown, unavailable, .. } = self.tally;
        let Tally { lost, torn, resurrected, undone, wrong, .. } = self.tally;
        let costs = self.may_lose != Cost::Nothing;
        let counts = [
            (lost, "lost", costs),
            // What is forgotten is forgotten whole; a copy may be an older one.
            (torn, "lost of what is there", costs && self.tier == Tier::T3),
            (resurrected, "resurrected", self.may_lose == Cost::Writes),
            // A leader has shown it that its copies had not heard of.
            (undone, "undone", costs && self.tier == Tier::T3),
            (wrong, "wrong answers", false),
        ];
        let mut forbidden: Vec<String> = counts
            .into_iter()
            .filter(|(count, _, allowed)| *count > 0 && !allowed)
            .map(|(count, what, _)| format!("{count} {what}"))
            .collect();
        // A fault that never came proves nothing, nor does one that met no session.
        let met = acknowledged + unknown + unavailable;
        for (count, what) in [(injections, "no injection"), (met, "no visit")] {
            if count == 0 {
                forbidden.push(what.to_owned());
            }
        }
        forbidden
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(may_lose: Cost, tally: Tally) -> Row {
        Row { fault: "f", backend: "b", tier: Tier::T1, may_lose, tally }
    }

    #[test]
    fn what_a_promise_forbids_is_named() {
        let well = || Tally { acknowledged: 9, unknown: 3, unavailable: 4, ..Tally::injected(1) };
        assert!(row(Cost::Nothing, well()).forbidden().is_empty());
        let bad = || Tally { lost: 1, resurrected: 2, undone: 3, wrong: 4, ..well() };
        let all = ["1 lost", "2 resurrected", "3 undone", "4 wrong answers"];
        assert_eq!(row(Cost::Nothing, bad()).forbidden(), all);
        assert_eq!(row(Cost::Saves, bad()).forbidden(), all[1..]);
        assert_eq!(row(Cost::Writes, bad()).forbidden(), all[2..]);
        let copied = Row { tier: Tier::T3, ..row(Cost::Saves, bad()) };
        assert_eq!(copied.forbidden(), [all[1], all[3]]);
        let nothing = row(Cost::Writes, Tally::failed("the server does not start".to_owned()));
        assert_eq!(nothing.forbidden(), ["no injection", "no visit"]);
    }
}
