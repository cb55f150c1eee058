//! Nothing is found where all is well, however operations overlap, and something is wherever one thing
//! is not.

use lodger_testing::history::{Checker, Document, Event, Operation, Outcome, Seen};
use proptest::prelude::*;

use super::sequential::{Draw, Sequential};

fn operation() -> impl Strategy<Value = Operation> {
    use Operation::{Append, Cycle, Flush, Increment, Load, Modify, Revoke, Save, Touch};
    prop_oneof![
        6 => Just(Load),
        3 => Just(Save),
        3 => Just(Append),
        3 => Just(Increment),
        2 => Just(Modify),
        1 => Just(Touch),
        1 => Just(Cycle),
        1 => prop_oneof![9 => Just(Load), 1 => Just(Flush), 1 => Just(Revoke)],
    ]
}

prop_compose! {
    fn draw()(
        operation in operation(),
        old_key in prop::bool::weighted(0.1),
        around in (0_u64..400, 0_u64..400),
        lost in prop::option::weighted(0.05, any::<bool>()),
    ) -> Draw {
        Draw { operation, old_key, around, lost }
    }
}

fn sequential() -> impl Strategy<Value = Sequential> {
    prop::collection::vec(draw(), 5..40).prop_map(|draws| Sequential::of(&draws))
}

fn complete(history: &Sequential, seen: Seen) -> Vec<Event> {
    let mut events = history.events.clone();
    events.push(history.final_load(seen));
    events
}

/// Ways in which the last load can see what cannot be.
fn mistakes(history: &Sequential) -> Vec<Seen> {
    let Some(document) = &history.live else {
        return vec![Seen::Live(history.last.clone())];
    };
    let with = |change: &dyn Fn(&mut Document)| {
        let mut document = document.clone();
        change(&mut document);
        Seen::Live(document)
    };
    let acknowledged = |tag: &String| {
        let is_it = |event: &&Event| event.tag.as_ref() == Some(tag);
        history.events.iter().find(is_it).is_some_and(|event| event.outcome == Outcome::Ok)
    };
    let mut mistakes = vec![
        Seen::Absent,
        with(&|document| document.counter += 1_001),
        with(&|document| document.tags.push("made".to_owned())),
        with(&|document| document.tags.push("nobody's".to_owned())),
        with(&|document| drop(document.fields.insert("w9".to_owned(), "made".to_owned()))),
    ];
    for tag in document.tags.iter().filter(|tag| acknowledged(tag)) {
        mistakes.push(with(&|document| document.tags.retain(|other| other != tag)));
    }
    mistakes
}

proptest! {
    #[test]
    fn what_happened_in_an_order_gives_no_anomaly(history in sequential()) {
        let events = complete(&history, history.final_state());
        for checker in [Checker::new(), Checker::new().with_overlapping_reads()] {
            let verdict = checker.check(&events);
            prop_assert!(verdict.anomalies.is_empty() && verdict.undecided == 0, "{verdict:#?}");
        }
    }

    #[test]
    fn one_mistake_gives_an_anomaly(history in sequential()) {
        for seen in mistakes(&history) {
            let verdict = Checker::new().check(&complete(&history, seen.clone()));
            prop_assert!(!verdict.anomalies.is_empty(), "{seen:?}");
        }
    }
}
