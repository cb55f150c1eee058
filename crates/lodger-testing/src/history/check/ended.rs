//! What had ended and is back: AN2, AN3, AN5.

use crate::history::chain::{Chain, Chains};
use crate::history::{Anomaly, Code, Document, Event};

/// AN2: what had ended is back: it had been seen to be gone, or something new is in it.
pub(super) fn resurrection(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let sentence = "a session that had ended is live again";
    late_read(&chains.chains[place], Code::An2, sentence)
}

/// AN5: what had ended is still seen.
pub(super) fn stale_read(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let sentence = "a read saw a session whose end was acknowledged before it";
    late_read(&chains.chains[place], Code::An5, sentence)
}

/// AN3: a write to what had ended is acknowledged.
pub(super) fn late_success(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let chain = &chains.chains[place];
    let sentence = "a write succeeded on a session whose end was acknowledged before it";
    after_an_end(chain)
        .find(|(_, event)| event.needs_live() && event.is_ok())
        .map(|(end, event)| Anomaly::new(Code::An3, &[end, event], sentence))
}

/// Acknowledged ends, each with the events on its key that came after it.
fn after_an_end<'a>(chain: &Chain<'a>) -> impl Iterator<Item = (&'a Event, &'a Event)> {
    chain.acknowledged_ends().filter_map(|end| Some((end, end.key?))).flat_map(|(end, key)| {
        chain.on(key).filter(|event| end.precedes(event)).map(move |event| (end, event))
    })
}

fn late_read(chain: &Chain<'_>, code: Code, sentence: &str) -> Option<Anomaly> {
    let mut late = after_an_end(chain).filter_map(|(end, load)| Some((end, load, load.live()?)));
    late.find(|(end, load, document)| kind(chain, end, load, document) == code)
        .map(|(end, load, _)| Anomaly::new(code, &[end, load], sentence))
}

fn kind(chain: &Chain<'_>, end: &Event, load: &Event, document: &Document) -> Code {
    let seen_absent = |event: &Event| {
        event.key == end.key && event.says_absent() && end.precedes(event) && event.precedes(load)
    };
    let is_new = |event: &Event| {
        let tag = event.tag.as_ref();
        end.precedes(event) && tag.is_some_and(|tag| document.tags.contains(tag))
    };
    let back = chain.events.iter().any(|event| seen_absent(event) || is_new(event));
    if back { Code::An2 } else { Code::An5 }
}
