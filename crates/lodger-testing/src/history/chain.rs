//! What belongs together: a key, and those that its changes led to.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{Event, KeyDigest, Operation};

/// The deadline of a session is told by the clock of the wall, and events by one that nobody sets:
/// what may lie between the two readings.
pub(super) const CLOCKS_AGREE_WITHIN: u64 = 5_000;

/// The events of one session through all changes of its key, in the order in which they were asked for.
pub(super) struct Chain<'a> {
    pub(super) events: Vec<&'a Event>,
}

/// A history, taken apart.
pub(super) struct Chains<'a> {
    pub(super) chains: Vec<Chain<'a>>,
    /// The chain that a tag was written to.
    owners: HashMap<&'a str, usize>,
    /// Tags of writes that name no chain, such as a creation that failed.
    homeless: HashSet<&'a str>,
    /// The first event that handed a key out.
    makers: HashMap<KeyDigest, &'a Event>,
}

impl<'a> Chains<'a> {
    pub(super) fn of(events: &'a [Event]) -> Self {
        let mut parents = HashMap::new();
        for event in events.iter().filter(|event| event.operation == Operation::Cycle) {
            if let (Some(old), Some(new)) = (event.key, event.new_key) {
                parents.entry(new).or_insert(old);
            }
        }
        let mut places: BTreeMap<KeyDigest, usize> = BTreeMap::new();
        let mut this = Self {
            chains: Vec::new(),
            owners: HashMap::new(),
            homeless: HashSet::new(),
            makers: HashMap::new(),
        };
        for event in events {
            if let Some(new_key) = event.new_key {
                this.makers.entry(new_key).or_insert(event);
            }
            let Some(key) = event.key.or(event.new_key) else {
                this.homeless.extend(event.tag.as_deref());
                continue;
            };
            let place = *places.entry(root(&parents, key)).or_insert_with(|| {
                this.chains.push(Chain { events: Vec::new() });
                this.chains.len() - 1
            });
            this.chains[place].events.push(event);
            if let Some(tag) = event.tag.as_deref() {
                this.owners.insert(tag, place);
            }
        }
        for chain in &mut this.chains {
            chain.events.sort_by_key(|event| (event.invoked_at, event.completed_at));
        }
        this
    }

    /// The first event that handed a key out.
    pub(super) fn maker(&self, key: KeyDigest) -> Option<&'a Event> {
        self.makers.get(&key).copied()
    }

    /// Whether a tag was written to this chain, or may have been.
    pub(super) fn owns(&self, place: usize, tag: &str) -> bool {
        self.owners.get(tag) == Some(&place) || self.homeless.contains(tag)
    }
}

/// The key that a chain began with.
fn root(parents: &HashMap<KeyDigest, KeyDigest>, key: KeyDigest) -> KeyDigest {
    let mut root = key;
    // A chain that runs in a circle is an anomaly of its own, and must not keep us.
    for _ in 0..=parents.len() {
        match parents.get(&root) {
            Some(parent) if *parent != key => root = *parent,
            _ => break,
        }
    }
    root
}

impl<'a> Chain<'a> {
    /// The events on a key.
    pub(super) fn on(&self, key: KeyDigest) -> impl Iterator<Item = &'a Event> {
        self.events.iter().copied().filter(move |event| event.key == Some(key))
    }

    /// Loads that saw a live session, with what they saw.
    pub(super) fn live_loads(&self) -> impl Iterator<Item = (&'a Event, &'a super::Document)> {
        self.events.iter().copied().filter_map(|event| Some((event, event.live()?)))
    }

    /// Acknowledged ends of a key: by `flush` and `revoke`.
    pub(super) fn acknowledged_ends(&self) -> impl Iterator<Item = &'a Event> {
        self.events.iter().copied().filter(|event| event.ends() && event.is_ok())
    }

    /// Acknowledged changes of key.
    pub(super) fn cycles(&self) -> impl Iterator<Item = &'a Event> {
        let is_cycle = |event: &&Event| event.operation == Operation::Cycle && event.is_ok();
        self.events.iter().copied().filter(is_cycle)
    }

    /// Whether the session of a key may have ended by the time that an event was over.
    pub(super) fn may_have_ended(&self, key: KeyDigest, by: &Event) -> bool {
        let ends = |event: &Event| {
            let here = event.key == Some(key);
            let ended = here && (event.ends() || event.operation == Operation::Cycle);
            let told = event.deadline.is_some_and(|deadline| {
                deadline <= by.completed_at.saturating_add(CLOCKS_AGREE_WITHIN)
            });
            event.may_have_been_done() && event.invoked_at <= by.completed_at && (ended || told)
        };
        self.events.iter().any(|event| !std::ptr::eq(*event, by) && ends(event))
    }
}
