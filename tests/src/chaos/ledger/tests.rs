//! What the ledger makes of what visitors tell.

use super::*;

const KEY: &str = "0123456789abcdefghijklmnopqrstuv";
const OTHER: &str = "vutsrqponmlkjihgfedcba9876543210";

/// A visitor with a session in which tag 1 was acknowledged.
fn ledger() -> Ledger {
    let mut ledger = Ledger::for_visitors(1);
    visit(&mut ledger, Deed::Begin(1), Event::Stored(KEY.into()));
    ledger
}

fn visit(ledger: &mut Ledger, deed: Deed, event: Event) {
    ledger.note(0, Event::Began(deed));
    ledger.note(0, event);
}

#[test]
fn each_way_to_break_a_promise_is_counted() {
    let found = |tags: &[u64]| {
        let mut ledger = ledger();
        visit(&mut ledger, Deed::Append(2), Event::Unavailable);
        visit(&mut ledger, Deed::Append(3), Event::Unknown);
        ledger.note(0, Event::Found(tags.to_vec()));
        (ledger.tally.lost, ledger.tally.wrong)
    };
    assert_eq!(found(&[1]), (0, 0));
    assert_eq!(found(&[1, 3]), (0, 0), "what is unknown may be there");
    assert_eq!(found(&[3]), (1, 0), "what was acknowledged must be");
    assert_eq!(found(&[1, 2]), (0, 1), "what was refused must not");
    assert_eq!(found(&[1, 1]), (0, 1), "nothing is there twice");
    assert_eq!(found(&[1, 9]), (0, 1), "nor what is another's");
}

#[test]
fn what_was_unknown_and_is_seen_stays() {
    let mut ledger = ledger();
    visit(&mut ledger, Deed::Append(2), Event::Unknown);
    ledger.note(0, Event::Found(vec![1, 2]));
    ledger.note(0, Event::Found(vec![1]));
    assert_eq!((ledger.tally.lost, ledger.tally.torn), (1, 1));
}

#[test]
fn an_absent_session_is_lost_or_was_denied() {
    for (there, lost, wrong) in [(true, 0, 1), (false, 1, 0)] {
        let mut ledger = ledger();
        ledger.note(0, Event::Absent);
        ledger.settle_vanished(there);
        assert_eq!((ledger.tally.lost, ledger.tally.wrong), (lost, wrong));
    }
    let mut ledger = ledger();
    visit(&mut ledger, Deed::Flush, Event::Unknown);
    ledger.note(0, Event::Absent);
    assert!(ledger.vanished().is_empty(), "it may have been ended");
    let [key] = &ledger.dead()[..] else { panic!("and stays so") };
    ledger.risen(key);
    assert_eq!((ledger.tally.undone, ledger.tally.resurrected), (1, 0));
}

#[test]
fn doubts_end() {
    let lost_after = |act: &dyn Fn(&mut Ledger)| {
        let mut ledger = ledger();
        act(&mut ledger);
        ledger.note(0, Event::Absent);
        ledger.vanished().len()
    };
    let unknown = |ledger: &mut Ledger, deed| visit(ledger, deed, Event::Unknown);
    assert_eq!(lost_after(&|_| {}), 1);
    assert_eq!(lost_after(&|ledger| unknown(ledger, Deed::Cycle(2))), 0);
    let overtaken = |ledger: &mut Ledger, deed| {
        unknown(ledger, deed);
        visit(ledger, Deed::Append(3), Event::Stored(KEY.into()));
    };
    assert_eq!(lost_after(&|ledger| overtaken(ledger, Deed::Cycle(2))), 1);
    assert_eq!(lost_after(&|ledger| overtaken(ledger, Deed::Flush)), 0, "it may come yet");
    let settled = |ledger: &mut Ledger, found: bool| {
        unknown(ledger, Deed::Flush);
        ledger.settle();
        if found {
            ledger.note(0, Event::Found(vec![1]));
        }
    };
    assert_eq!(lost_after(&|ledger| settled(ledger, false)), 0);
    assert_eq!(lost_after(&|ledger| settled(ledger, true)), 1);
}

#[test]
fn keys_die_with_a_flush_and_a_cycle() {
    let mut ledger = ledger();
    visit(&mut ledger, Deed::Cycle(2), Event::Stored(OTHER.into()));
    visit(&mut ledger, Deed::Flush, Event::Removed);
    assert_eq!(ledger.dead().len(), 2);
    ledger.risen(&ledger.dead()[0]);
    assert_eq!((ledger.tally.undone, ledger.tally.resurrected), (0, 1));
    visit(&mut ledger, Deed::Begin(3), Event::Stored(KEY.into()));
    assert_eq!(ledger.tally.resurrected, 2);
}

#[test]
fn a_session_whose_time_is_over_is_no_loss_and_may_be_there_again() {
    let mut ledger = ledger();
    visit(&mut ledger, Deed::Append(2), Event::Over);
    ledger.note(0, Event::Found(vec![1]));
    assert_eq!((ledger.tally.lost, ledger.tally.wrong), (0, 0));
    ledger.note(0, Event::Found(vec![1, 2]));
    assert_eq!(ledger.tally.wrong, 1, "nothing was saved");
    ledger.leave(0);
    assert!(ledger.live().is_empty() && ledger.vanished().is_empty());
}

#[test]
fn a_visitor_who_is_cut_off_may_have_saved() {
    let mut ledger = ledger();
    ledger.note(0, Event::Began(Deed::Append(2)));
    ledger.cut_off();
    ledger.note(0, Event::Found(vec![1, 2]));
    assert_eq!((ledger.tally.unknown, ledger.tally.wrong), (1, 0));
}

#[test]
fn where_nothing_could_answer_no_answer_is_right() {
    let heard = |event: Event| {
        let mut ledger = ledger();
        ledger.note(0, Event::Began(Deed::Append(2)));
        ledger.set_down(true);
        ledger.note(0, event.clone());
        assert_eq!(ledger.tally.wrong, 0, "it may have been on its way");
        let before = ledger.tally.wrong;
        visit(&mut ledger, Deed::Append(3), event);
        ledger.tally.wrong - before
    };
    assert_eq!(heard(Event::Absent), 1);
    assert_eq!(heard(Event::Stored(KEY.into())), 1);
    assert_eq!(heard(Event::Unavailable) + heard(Event::Unknown), 0);
}
