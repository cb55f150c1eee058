//! Keys: AN6, AN7.

use crate::history::chain::Chains;
use crate::history::{Anomaly, Code, Event};

/// AN6: one key is handed out twice.
pub(super) fn made_twice(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    chains.chains[place].events.iter().find_map(|event| {
        let maker = chains.maker(event.new_key?)?;
        let again = !std::ptr::eq(maker, *event) && event.is_ok() && maker.is_ok();
        again.then(|| Anomaly::new(Code::An6, &[maker, event], "one key was handed out twice"))
    })
}

/// AN7: the old key lives on after a change of key.
pub(super) fn old_key_lives(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let chain = &chains.chains[place];
    let uses = |cycle: &Event, event: &Event| event.says_live() && cycle.precedes(event);
    let also_cycles = |cycle: &Event, event: &Event| {
        let wins = event.new_key.is_some() && event.is_ok();
        wins && event.new_key != cycle.new_key
    };
    chain.cycles().find_map(|cycle| {
        let mut others = chain.on(cycle.key?).filter(|event| !std::ptr::eq(*event, cycle));
        let other = others.find(|event| uses(cycle, event) || also_cycles(cycle, event))?;
        let sentence = "the old key was live after its change was acknowledged";
        Some(Anomaly::new(Code::An7, &[cycle, other], sentence))
    })
}
