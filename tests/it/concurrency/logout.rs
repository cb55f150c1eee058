//! A logout against requests in flight.
//!
//! What a logout promises: once its answer is there, the key that it presented is dead for ever. No
//! request finds the session under it, none that had found it before stores anything any more, and
//! none of those gets a cookie. A change of key that was stored before stands: the session lives on
//! under the one key that this change handed out, with all that was acknowledged before, until it is
//! ended under that key. To the logout it is then what it would be had it come a second later: it ends
//! what is dead, and is answered like any other.

use lodger_backends::memory::MemoryStore;
use lodger_tests::report;
use lodger_tests::rounds::rounds;

use super::race::Race;
use super::shared_site::SharedSite;
use crate::flow::blind_store::BlindStore;

on_every_site!(after_a_logout_nothing_lives_of_what_was_in_flight);

/// Promise 3
/// Promise 4
/// Promise 6
async fn after_a_logout_nothing_lives_of_what_was_in_flight(site: SharedSite) {
    let (rounds, mut refused, mut changed) = (rounds(), 0, 0);
    for round in 0..rounds {
        let race = Race::run(&site, round).await;
        assert_eq!(race.faults(&site).await, [""; 0], "round {round}");
        refused += race.refused();
        changed += usize::from(race.changed_key());
    }
    assert!(refused > 0, "some requests must have come too late, or it was no race");
    report::count("logouts against 50 requests in flight", rounds);
    report::count("logouts that came after a change of key", changed);
    report::count("requests that came after a logout and were refused", refused);
}

/// What the test above would see of a store that brings back what was deleted.
#[tokio::test(flavor = "multi_thread")]
async fn a_store_that_upserts_is_seen_to_undo_logouts() {
    let site = SharedSite::of_one_process(BlindStore(MemoryStore::default()));
    let mut faults = Vec::new();
    for round in 0..20 {
        faults.extend(Race::run(&site, round).await.faults(&site).await);
    }
    for fault in ["alive under the key that logged out", "stored after the logout"] {
        assert!(faults.iter().any(|seen| seen.contains(fault)), "{fault}: {faults:#?}");
    }
}
