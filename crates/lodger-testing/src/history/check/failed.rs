//! What failed: AN13, AN14.

use crate::history::chain::Chains;
use crate::history::{Anomaly, Code, Event, Outcome};

/// AN13: a response whose operation failed sets the cookie.
pub(in crate::history) fn set_cookie(event: &Event) -> Option<Anomaly> {
    let wrong = event.set_cookie == Some(true) && !event.is_ok();
    let sentence = "the response of an operation that failed sets the cookie";
    wrong.then(|| Anomaly::new(Code::An13, &[event], sentence))
}

/// AN14: what failed for certain is seen.
pub(super) fn failed_value(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    let chain = &chains.chains[place];
    let failed = chain.events.iter().filter(|event| event.outcome == Outcome::Fail);
    failed.filter_map(|event| Some((event, event.tag.as_ref()?))).find_map(|(event, tag)| {
        let mut loads = chain.live_loads();
        let (load, _) = loads.find(|(_, document)| {
            document.tags.contains(tag) || document.fields.values().any(|held| held == tag)
        })?;
        let sentence = "a read saw what a write left that had failed";
        Some(Anomaly::new(Code::An14, &[event, load], sentence))
    })
}
