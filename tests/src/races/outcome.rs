//! What came of the operations of a race, in numbers.

use std::collections::BTreeMap;
use std::fmt;

use lodger_testing::history::{ErrorKind, Event, Operation, Outcome, Verdict};

/// What came of a race.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// How many events there were of each operation.
    pub operations: BTreeMap<Operation, usize>,
    /// How many were acknowledged.
    pub ok: usize,
    /// How many were not, by reason.
    pub errors: BTreeMap<ErrorKind, usize>,
    /// Sessions, each through all changes of its key.
    pub sessions: usize,
    /// Sessions for which the search for an order was given up.
    pub undecided: usize,
    /// How many anomalies there were.
    pub anomalies: usize,
}

impl Tally {
    /// Of one history.
    #[must_use]
    pub fn of(events: &[Event], verdict: &Verdict) -> Self {
        let mut tally = Self {
            sessions: verdict.chains,
            undecided: verdict.undecided,
            anomalies: verdict.anomalies.len(),
            ..Self::default()
        };
        for event in events {
            *tally.operations.entry(event.operation).or_default() += 1;
            match event.error {
                Some(error) => *tally.errors.entry(error).or_default() += 1,
                None if event.outcome == Outcome::Ok => tally.ok += 1,
                None => *tally.errors.entry(ErrorKind::Other).or_default() += 1,
            }
        }
        tally
    }

    /// Adds another race on the same store.
    pub fn add(&mut self, other: &Self) {
        for (operation, count) in &other.operations {
            *self.operations.entry(*operation).or_default() += count;
        }
        for (error, count) in &other.errors {
            *self.errors.entry(*error).or_default() += count;
        }
        self.ok += other.ok;
        self.sessions += other.sessions;
        self.undecided += other.undecided;
        self.anomalies += other.anomalies;
    }

    /// All events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.operations.values().sum()
    }

    /// Whether nothing was found, and every search came to an end.
    #[must_use]
    pub const fn is_clean(&self) -> bool {
        self.anomalies == 0 && self.undecided == 0
    }

    /// The heading of a table whose rows are tallies.
    #[must_use]
    pub fn heading() -> String {
        format!(
            "{:26}{:>10}{:>10}{:>9}{:>9}{:>10}{:>12}{:>8}{:>10}{:>10}",
            "backend",
            "operations",
            "ok",
            "gone",
            "conflict",
            "contended",
            "unavailable",
            "unknown",
            "undecided",
            "anomalies"
        )
    }
}

/// A row of the table, without the name before it.
impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use ErrorKind::{Conflict, Contended, Gone, Other, Unavailable, Unknown};
        let count = |error| self.errors.get(&error).copied().unwrap_or(0);
        write!(f, "{:>10}{:>10}{:>9}{:>9}", self.events(), self.ok, count(Gone), count(Conflict))?;
        write!(f, "{:>10}{:>12}", count(Contended), count(Unavailable))?;
        let unknown = count(Unknown) + count(Other);
        write!(f, "{unknown:>8}{:>10}{:>10}", self.undecided, self.anomalies)
    }
}
