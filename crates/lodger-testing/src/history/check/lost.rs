//! What was acknowledged and is not there: AN1, AN4, and AN9 as far as one write is concerned.

use crate::history::chain::{Chain, Chains};
use crate::history::{Anomaly, Code, Document, Event, Operation};

/// AN1: what was acknowledged is not there any more.
pub(super) fn lost_update(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    found(&chains.chains[place], Code::An1, "an acknowledged change was lost")
}

/// AN4: a read does not see what was acknowledged before, and a later one does.
pub(super) fn stale_read(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let sentence = "a read did not see a change acknowledged before it; a later one did";
    found(&chains.chains[place], Code::An4, sentence)
}

/// AN9: what was acknowledged was never there, and nobody else wrote who could have taken it away.
pub(super) fn never_stored(chain: &Chain<'_>) -> Option<Anomaly> {
    found(chain, Code::An9, "an acknowledged change was never there")
}

fn found(chain: &Chain<'_>, code: Code, sentence: &str) -> Option<Anomaly> {
    let is_write = |event: &&&Event| event.needs_live() || event.operation == Operation::Create;
    for write in chain.events.iter().filter(is_write).filter(|write| write.is_ok()) {
        for (load, document) in chain.live_loads().filter(|(load, _)| write.precedes(load)) {
            if !shows(chain, document, write, load) && kind(chain, write, load) == code {
                return Some(Anomaly::new(code, &[write, load], sentence));
            }
        }
    }
    None
}

/// Whether what a load saw shows a write that came before it.
fn shows(chain: &Chain<'_>, document: &Document, write: &Event, load: &Event) -> bool {
    let listed = write.tag.as_ref().is_none_or(|tag| document.tags.contains(tag));
    listed && set(chain, document, write) && added(chain, document, write, load)
}

/// Whether a field holds what was set, or what somebody set later.
fn set(chain: &Chain<'_>, document: &Document, write: &Event) -> bool {
    let Some(field) = write.field.as_ref() else { return true };
    let held = document.fields.get(field);
    let may_be_later = |event: &&Event| event.tag.as_ref() == held && !event.precedes(write);
    held.is_some() && chain.events.iter().copied().any(|event| may_be_later(&event))
}

/// Whether an increment counts: all that came before a load add up to no more than it saw.
fn added(chain: &Chain<'_>, document: &Document, write: &Event, load: &Event) -> bool {
    let counts = |event: &&&Event| event.is_ok() && event.precedes(load);
    let least = || chain.events.iter().filter(counts).filter_map(|event| event.by).sum::<i64>();
    write.by.is_none() || document.counter >= least()
}

/// Which kind of anomaly it is that a load does not show a write.
fn kind(chain: &Chain<'_>, write: &Event, load: &Event) -> Code {
    let shown_to = |other: &Event, document| {
        !std::ptr::eq(other, load) && shows(chain, document, write, other)
    };
    let mut shown = chain.live_loads().filter(|(other, _)| write.invoked_at < other.completed_at);
    let mut later = chain.live_loads().filter(|(other, _)| load.precedes(other));
    let overlaps = |other: &&Event| {
        let writes = other.needs_live() && other.may_have_been_done();
        writes && !std::ptr::eq(*other, write) && !other.precedes(write) && !write.precedes(other)
    };
    if later.any(|(other, document)| shown_to(other, document)) {
        Code::An4
    } else if shown.any(|(other, document)| shown_to(other, document))
        || chain.events.iter().copied().any(|other| overlaps(&other))
    {
        Code::An1
    } else {
        Code::An9
    }
}
