//! Other sessions' data: AN12.

use crate::history::chain::Chains;
use crate::history::{Anomaly, Code};

/// AN12: what was written to another session, or by nobody, is seen.
pub(super) fn foreign_value(chains: &Chains<'_>, place: usize) -> Option<Anomaly> {
    chains.chains[place].live_loads().find_map(|(load, document)| {
        let mut seen = document.tags.iter().chain(document.fields.values());
        seen.find(|tag| !chains.owns(place, tag))?;
        let sentence = "a read saw what was never written to this session";
        Some(Anomaly::new(Code::An12, &[load], sentence))
    })
}
