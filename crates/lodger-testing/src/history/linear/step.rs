//! What one operation makes of a session.

use super::model::{Data, Latch};
use crate::history::chain::CLOCKS_AGREE_WITHIN;
use crate::history::{Event, KeyDigest, Operation, Outcome};

/// What a session is after an operation; none if the operation cannot have come then, with its answer.
pub(super) fn step<'a>(latch: &Latch<'a>, event: &'a Event) -> Option<Latch<'a>> {
    let here = event.key.and_then(|key| usable(latch, key, event));
    match (event.operation, event.outcome) {
        (Operation::Create, _) => match latch {
            Latch::Absent => Some(Latch::Live(event.new_key?, Data::default().with(event))),
            _ => None,
        },
        (Operation::Load, _) => match (event.live(), here) {
            (Some(seen), Some(data)) => data.is(seen).then(|| latch.clone()),
            (Some(_), None) => None,
            (None, _) => unusable(latch, event),
        },
        (Operation::Flush | Operation::Revoke, _) => {
            let ends = matches!(latch, Latch::Live(key, _) if Some(*key) == event.key);
            Some(if ends { Latch::Dead } else { latch.clone() })
        }
        (_, Outcome::Fail) => unusable(latch, event),
        // It found nothing, or never came.
        (_, Outcome::Unknown) if here.is_none() => Some(latch.clone()),
        (Operation::Cycle, _) => Some(match event.new_key {
            Some(new_key) => Latch::Live(new_key, here?.clone().with(event)),
            // Nobody knows the new key.
            None => Latch::Dead,
        }),
        (_, _) => Some(Latch::Live(event.key?, here?.clone().with(event))),
    }
}

/// The data, if the session can be used under a key at an instant within an event.
fn usable<'l, 'a>(latch: &'l Latch<'a>, key: KeyDigest, event: &Event) -> Option<&'l Data<'a>> {
    match latch {
        Latch::Live(live, data) if *live == key => {
            let over = |deadline| deadline + CLOCKS_AGREE_WITHIN < event.invoked_at;
            (!data.deadline.is_some_and(over)).then_some(data)
        }
        _ => None,
    }
}

/// What the session is, if it cannot be used under the event's key at an instant within it. One whose
/// deadline may have passed is not dead for what was asked for before that: whether a session is over is
/// judged by the clock at which a write begins, so that one under way may still prolong its life.
fn unusable<'a>(latch: &Latch<'a>, event: &Event) -> Option<Latch<'a>> {
    let is_usable = match latch {
        Latch::Live(live, data) if Some(*live) == event.key => {
            !data.deadline.is_some_and(|deadline| {
                deadline <= event.completed_at.saturating_add(CLOCKS_AGREE_WITHIN)
            })
        }
        _ => false,
    };
    (!is_usable).then(|| latch.clone())
}
