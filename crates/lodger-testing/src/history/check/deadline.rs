//! Deadlines: AN11.

use crate::history::chain::{CLOCKS_AGREE_WITHIN, Chains};
use crate::history::{Anomaly, Code, Event};

/// AN11: a session outlives its deadline, whichever of those it was told it kept.
pub(super) fn outlived(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let chain = &chains.chains[place];
    let over = |event: &Event, by: &Event| {
        event.deadline.is_some_and(|deadline| deadline + CLOCKS_AGREE_WITHIN < by.invoked_at)
    };
    let told: Vec<&Event> =
        chain.events.iter().copied().filter(|event| event.deadline.is_some()).collect();
    chain.events.iter().copied().filter(|event| event.says_live()).find_map(|live| {
        // What it was told for certain, and what it may have been told after that.
        let told_before = |event: &&&Event| event.is_ok() && event.precedes(live);
        let last = told.iter().filter(told_before).max_by_key(|event| event.invoked_at)?;
        let may_hold = |event: &&&Event| {
            event.may_have_been_done()
                && event.invoked_at <= live.completed_at
                && !event.precedes(last)
        };
        let all_over = told.iter().filter(may_hold).all(|event| over(event, live));
        let sentence = "a session was live after the deadline that it was told";
        all_over.then(|| Anomaly::new(Code::An11, &[last, live], sentence))
    })
}
