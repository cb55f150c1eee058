//! What is asked for, drawn from a seed.

use lodger_testing::history::Operation;
use serde::{Deserialize, Serialize};

/// How much is asked for, and of how many sessions.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Plan {
    /// Sessions in use at a time.
    pub sessions: usize,
    /// Processes, or engines in one process over a store that only one process can use.
    pub processes: u32,
    /// Workers in each process.
    pub tasks: u32,
    /// Events in all, about.
    pub events: usize,
    /// What everything is drawn from.
    pub seed: u64,
}

impl Plan {
    /// How many events each worker is to record.
    pub(super) fn share(&self) -> usize {
        let workers = usize::try_from(self.processes * self.tasks).expect("they are few");
        self.events.div_ceil(workers)
    }

    /// What one of the workers asks for.
    pub(super) fn draws(&self, process: u32, task: u32) -> Draws {
        let own = u64::from(process) << 32 | u64::from(task);
        Draws {
            state: self.seed ^ own.wrapping_mul(0x9E37_79B9_7F4A_7C15),
            sessions: self.sessions,
        }
    }
}

/// What is asked for once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Draw {
    pub(super) slot: usize,
    pub(super) operation: Operation,
    /// Whether it goes through HTTP.
    pub(super) http: bool,
    /// Whether it presents the key before the present one, as an old cookie does.
    pub(super) old_key: bool,
    /// Something between 0 and 255, for whatever else is to be chosen.
    pub(super) choice: u8,
}

/// An endless sequence of draws.
pub(super) struct Draws {
    state: u64,
    sessions: usize,
}

/// How often each operation comes, of a thousand.
const OFTEN: [(Operation, u64); 10] = [
    (Operation::Load, 300),
    (Operation::Save, 210),
    (Operation::Increment, 140),
    (Operation::Append, 110),
    (Operation::Modify, 80),
    (Operation::Touch, 70),
    (Operation::Cycle, 55),
    (Operation::Flush, 12),
    (Operation::Revoke, 12),
    (Operation::Expire, 11),
];

impl Draws {
    /// SplitMix64, for anybody can write that again.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    pub(super) fn draw(&mut self) -> Draw {
        let sessions = u64::try_from(self.sessions).expect("they are few");
        // Half of all goes to a quarter of the sessions, so that workers meet.
        let few = if self.below(2) == 0 { sessions.div_ceil(4) } else { sessions };
        let slot = usize::try_from(self.below(few)).expect("there are few sessions");
        let mut rest = self.below(OFTEN.iter().map(|(_, often)| often).sum());
        let chosen = OFTEN.iter().find(|(_, often)| {
            let here = rest < *often;
            rest = rest.saturating_sub(*often);
            here
        });
        let operation = chosen.map_or(Operation::Load, |(operation, _)| *operation);
        let (http, old_key) = (self.below(2) == 0, self.below(25) == 0);
        let choice = u8::try_from(self.below(256)).unwrap_or(0);
        Draw { slot, operation, http, old_key, choice }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAN: Plan = Plan { sessions: 8, processes: 2, tasks: 3, events: 100, seed: 7 };

    fn some(plan: Plan, process: u32, task: u32) -> Vec<Draw> {
        let mut draws = plan.draws(process, task);
        (0..2000).map(|_| draws.draw()).collect()
    }

    #[test]
    fn one_seed_asks_for_the_same_again() {
        assert_eq!(some(PLAN, 1, 2), some(PLAN, 1, 2));
        assert_ne!(some(PLAN, 1, 2), some(PLAN, 2, 1));
        assert_ne!(some(PLAN, 1, 2), some(Plan { seed: 8, ..PLAN }, 1, 2));
    }

    #[test]
    fn everything_comes_and_every_session_is_used() {
        let draws = some(PLAN, 0, 0);
        for (operation, _) in OFTEN {
            let of = |draw: &&Draw| draw.operation == operation;
            assert!(draws.iter().any(|draw| of(&draw) && draw.http), "{operation:?}");
            assert!(draws.iter().any(|draw| of(&draw) && !draw.http), "{operation:?}");
        }
        assert!((0..PLAN.sessions).all(|slot| draws.iter().any(|draw| draw.slot == slot)));
        assert!(draws.iter().any(|draw| draw.old_key));
    }

    #[test]
    fn the_shares_make_up_the_whole() {
        assert!(PLAN.share() * 6 >= PLAN.events);
    }
}
