//! What is reported to be absent though nothing ended it: AN8, AN9, AN10.

use super::lost;
use crate::history::chain::{Chain, Chains};
use crate::history::{Anomaly, Code, Event, Operation};

/// AN8: the new key is dead after a change of key.
pub(super) fn new_key_dead(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    found(chains, place, Code::An8, "the new key was dead after a change of key")
}

/// AN9: what was acknowledged was never there, or went by itself.
pub(super) fn never_there(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    found(chains, place, Code::An9, "an acknowledged session is not there, and nobody ended it")
        .or_else(|| lost::never_stored(&chains.chains[place]))
}

/// AN10: a live session is reported as gone or empty.
pub(super) fn error_as_absent(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let sentence = "a session was reported as gone that nobody had ended, and was live later";
    found(chains, place, Code::An10, sentence)
}

fn found(chains: &Chains<'_>, place: usize, code: Code, sentence: &str) -> Option<Anomaly> {
    let chain = &chains.chains[place];
    chain.events.iter().copied().filter(|event| event.says_absent()).find_map(|absent| {
        let key = absent.key?;
        let maker = chains.maker(key)?;
        let wrong = maker.precedes(absent) && !chain.may_have_ended(key, absent);
        let found = wrong && kind(chain, maker, absent) == code;
        found.then(|| Anomaly::new(code, &[maker, absent], sentence))
    })
}

/// Which kind of anomaly it is that a key is reported to be absent.
fn kind(chain: &Chain<'_>, maker: &Event, absent: &Event) -> Code {
    let live = |event: &&Event| event.key == absent.key && event.says_live();
    let mut lives = chain.events.iter().copied().filter(live);
    if lives.clone().any(|event| absent.precedes(event)) {
        Code::An10
    } else if maker.operation == Operation::Cycle && lives.next().is_none() {
        Code::An8
    } else {
        Code::An9
    }
}
