//! The search for an order, after Wing and Gong, with Lowe's memory of where it has been.

use std::collections::HashSet;

use super::model::Latch;
use super::step::step;
use crate::history::{ErrorKind, Event, Operation, Outcome};

/// How many states are looked at before a search is given up.
const STATES: usize = 300_000;

/// What a search for an order came to.
pub(in crate::history) enum Order<'a> {
    /// There is one.
    Found,
    /// There is none; up to this event there was one.
    None(&'a Event),
    /// Too many states were looked at.
    GivenUp,
}

/// Looks for an order of the events of one chain, which are given as they were asked for.
///
/// With `overlapping_reads`, one read need not come after another that was over before it.
pub(in crate::history) fn order<'a>(events: &[&'a Event], overlapping_reads: bool) -> Order<'a> {
    let events: Vec<&Event> = events.iter().copied().filter(|event| constrains(event)).collect();
    // Tags are only ever appended, so the longest list tells the order of those in it.
    let lists = events.iter().filter_map(|event| event.live()).map(|document| &document.tags);
    let longest = lists.max_by_key(|tags| tags.len()).map_or(&[][..], Vec::as_slice);
    Search { events, longest, overlapping_reads, been: HashSet::new(), farthest: 0 }.run()
}

/// Whether an event tells anything about the order.
fn constrains(event: &Event) -> bool {
    match (event.outcome, event.operation) {
        (Outcome::Ok, _) => true,
        (Outcome::Fail, _) => event.needs_live() && event.error == Some(ErrorKind::Gone),
        // Nobody knows its key, or it changes nothing.
        (Outcome::Unknown, Operation::Create | Operation::Load | Operation::Touch) => false,
        (Outcome::Unknown, _) => true,
    }
}

/// Whether an event changes nothing, whenever it comes.
fn only_looks(event: &Event) -> bool {
    let looks = matches!(event.operation, Operation::Load | Operation::Touch);
    looks || event.outcome == Outcome::Fail
}

struct Search<'a> {
    events: Vec<&'a Event>,
    longest: &'a [String],
    overlapping_reads: bool,
    been: HashSet<(Taken, Latch<'a>)>,
    /// The most events that were ever in order.
    farthest: usize,
}

/// A place of the search: what is in order so far, what that made of the session, and what may be next.
struct Place<'a> {
    taken: Taken,
    latch: Latch<'a>,
    next: Vec<usize>,
}

impl<'a> Search<'a> {
    fn run(mut self) -> Order<'a> {
        let mut stuck = None;
        let mut path = vec![self.place(Taken::none(self.events.len()), Latch::default())];
        while let Some(place) = path.last_mut() {
            let Some(index) = place.next.pop() else {
                path.pop();
                continue;
            };
            let Some(latch) = step(&place.latch, self.events[index]) else {
                if place.taken.count() >= self.farthest {
                    (self.farthest, stuck) = (place.taken.count(), Some(index));
                }
                continue;
            };
            let taken = place.taken.with(index);
            if !self.fits(&latch) || !self.been.insert((taken.clone(), latch.clone())) {
                continue;
            }
            if self.been.len() > STATES {
                return Order::GivenUp;
            }
            if self.is_done(&taken) {
                return Order::Found;
            }
            path.push(self.place(taken, latch));
        }
        match stuck.or_else(|| (0..self.events.len()).next()) {
            Some(index) => Order::None(self.events[index]),
            None => Order::Found,
        }
    }

    /// What agrees with the present state and changes nothing can come now in any order in which it comes
    /// later, so that nothing else need be tried.
    fn place(&self, taken: Taken, latch: Latch<'a>) -> Place<'a> {
        let mut next = self.next(&taken);
        let agrees = |index: &usize| {
            let event = self.events[*index];
            only_looks(event) && step(&latch, event).is_some_and(|after| after == latch)
        };
        if let Some(index) = next.iter().copied().find(agrees) {
            next = vec![index];
        }
        Place { taken, latch, next }
    }

    /// What may come next: whatever was asked for before any other was over. Those asked for first are
    /// tried first, from the end of the list.
    fn next(&self, taken: &Taken) -> Vec<usize> {
        let left = || (0..self.events.len()).filter(|index| !taken.has(*index));
        let over = |index: usize| {
            let event = self.events[index];
            if event.outcome == Outcome::Unknown { u64::MAX } else { event.completed_at }
        };
        let is_read = |index: usize| self.events[index].operation == Operation::Load;
        let earliest = |counts: &dyn Fn(usize) -> bool| {
            left().filter(|index| counts(*index)).map(over).min().unwrap_or(u64::MAX)
        };
        let any = earliest(&|_| true);
        let write = if self.overlapping_reads { earliest(&|index| !is_read(index)) } else { any };
        let may = |index: &usize| {
            let bound = if is_read(*index) { write } else { any };
            self.events[*index].invoked_at <= bound
        };
        // With reads out of their order, what was asked for later may still come first.
        let mut next: Vec<usize> = left().filter(may).collect();
        next.reverse();
        next
    }

    /// Whether all is in order but what may never have come.
    fn is_done(&self, taken: &Taken) -> bool {
        let certain = |index: &usize| self.events[*index].outcome != Outcome::Unknown;
        (0..self.events.len()).filter(certain).all(|index| taken.has(index))
    }

    /// Whether the list can still become what a load saw, or has been that.
    fn fits(&self, latch: &Latch<'_>) -> bool {
        let Latch::Live(_, data) = latch else { return true };
        data.tags.iter().zip(self.longest).all(|(tag, seen)| tag == seen)
    }
}

/// A set of events.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Taken(Box<[u64]>);

impl Taken {
    fn none(events: usize) -> Self {
        Self(vec![0; events.div_ceil(64)].into())
    }

    fn has(&self, index: usize) -> bool {
        self.0[index / 64] & 1 << (index % 64) != 0
    }

    fn with(&self, index: usize) -> Self {
        let mut taken = self.clone();
        taken.0[index / 64] |= 1 << (index % 64);
        taken
    }

    fn count(&self) -> usize {
        self.0.iter().map(|word| word.count_ones() as usize).sum()
    }
}
