//! Checking a history.

use super::chain::Chains;
use super::check::{CHECKS, set_cookie};
use super::linear::{Order, order};
use super::{Anomaly, Code, Event};

/// Looks for what the promises rule out.
#[derive(Clone, Debug, Default)]
pub struct Checker {
    overlapping_reads: bool,
}

/// What a check came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verdict {
    /// How many events there were.
    pub events: usize,
    /// How many sessions, each through all changes of its key.
    pub chains: usize,
    /// Sessions for which the search for an order was given up.
    pub undecided: usize,
    /// What was found: for each session the first of each kind.
    pub anomalies: Vec<Anomaly>,
}

impl Checker {
    /// With every promise.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets two reads during one write see it in the wrong order, as where some reads are answered by a
    /// copy and some by the original: what is acknowledged must still be seen by every later read.
    #[must_use]
    pub const fn with_overlapping_reads(mut self) -> Self {
        self.overlapping_reads = true;
        self
    }

    /// Checks a history, whose events may stand in any order.
    #[must_use]
    pub fn check(&self, events: &[Event]) -> Verdict {
        let chains = Chains::of(events);
        let mut verdict =
            Verdict { events: events.len(), chains: chains.chains.len(), ..Verdict::default() };
        verdict.anomalies.extend(events.iter().filter_map(set_cookie));
        for (place, chain) in chains.chains.iter().enumerate() {
            verdict.anomalies.extend(CHECKS.iter().filter_map(|check| check(&chains, place)));
            match order(&chain.events, self.overlapping_reads) {
                Order::Found => {}
                Order::GivenUp => verdict.undecided += 1,
                Order::None(event) => verdict.anomalies.push(Anomaly::new(
                    Code::Order,
                    &[event],
                    "no order of the operations on this session explains what came of this one",
                )),
            }
        }
        verdict
    }
}
