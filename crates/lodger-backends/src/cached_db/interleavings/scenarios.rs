//! What is explored, and the defects that are found by it.

use std::fs::OpenOptions;
use std::io::Write;

use super::client::Operation::{self, Collide, Cycle, Delete, Load, Save, Touch};
use super::defect::Defect;
use super::explorer::{Copies, Explored, Mishap, Scenario};

type Programs = [&'static [Operation]; 3];

/// What three clients do at once, where nothing goes wrong.
const PROGRAMS: &[Programs] = &[
    [&[Save('a')], &[Save('b')], &[Load, Load]],
    [&[Save('a')], &[Save('b')], &[Delete]],
    [&[Save('a')], &[Cycle], &[Load]],
    [&[Cycle], &[Delete], &[Load]],
    [&[Cycle], &[Cycle], &[Save('a')]],
    [&[Collide], &[Cycle], &[Load]],
    [&[Touch], &[Save('a')], &[Load]],
    [&[Touch], &[Delete], &[Load, Load]],
];

/// What they do where something may go wrong at any step, too.
const SHORT: &[Programs] = &[
    [&[Load], &[Save('a')], &[Delete]],
    [&[Load], &[Load], &[Delete]],
    [&[Delete], &[Delete], &[Save('a')]],
    [&[Save('a')], &[Save('b')], &[]],
    [&[Touch], &[Save('a')], &[]],
    [&[Cycle], &[Load], &[]],
    [&[Collide], &[Load], &[]],
];

/// What those do who look into the cache again when they could not.
const INSISTING: &[Programs] = &[
    [&[Load, Load], &[Save('a')], &[]],
    [&[Load, Load], &[Delete], &[]],
    [&[Save('a'), Load], &[Delete], &[]],
    [&[Load, Load], &[Collide], &[]],
];

const ROWS: &[Copies] = &[Copies::Rows];
const ROWS_AND_DECODED: &[Copies] = &[Copies::Rows, Copies::Decoded];

fn scenario(programs: Programs) -> Scenario {
    Scenario {
        programs: programs.iter().map(|program| program.to_vec()).collect(),
        warm: false,
        mishap: Mishap::None,
        copies: Copies::Rows,
        verifies: false,
        insists: false,
        defect: Defect::None,
    }
}

/// Explores each scenario, and makes it known how much there was.
fn explore(scenarios: impl IntoIterator<Item = Scenario>) {
    let mut explored = Explored::default();
    for scenario in scenarios {
        let one = scenario.explore().unwrap_or_else(|seen| panic!("{scenario:?}\n{seen}"));
        explored.states += one.states;
        explored.interleavings = explored.interleavings.saturating_add(one.interleavings);
    }
    count("states of the cached store", explored.states);
    count("interleavings of the cached store", explored.interleavings);
}

fn count(what: &str, count: u64) {
    let Some(path) = std::env::var_os("LODGER_COUNTS") else { return };
    let mut file = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(format!("{what}: {count}\n").as_bytes()).unwrap();
}

/// Programs over a cache with and without a copy, of each of these kinds.
fn over(programs: &'static [Programs], kinds: &'static [Copies]) -> impl Iterator<Item = Scenario> {
    let caches =
        [false, true].into_iter().flat_map(|warm| kinds.iter().map(move |kind| (warm, *kind)));
    caches.flat_map(move |(warm, copies)| {
        programs.iter().map(move |programs| Scenario { warm, copies, ..scenario(*programs) })
    })
}

/// Where nothing goes wrong all programs, with both kinds of copies; otherwise the short ones with
/// copies of rows, or all where `LODGER_INTERLEAVINGS` is set and there is an hour to spend.
fn everything(mishap: Mishap, verifies: bool) -> impl Iterator<Item = Scenario> {
    let all = mishap == Mishap::None || std::env::var_os("LODGER_INTERLEAVINGS").is_some();
    let (long, kinds) = if all { (PROGRAMS, ROWS_AND_DECODED) } else { (&[][..], ROWS) };
    let scenarios = over(SHORT, kinds).chain(over(long, kinds));
    scenarios.map(move |scenario| Scenario { mishap, verifies, ..scenario })
}

/// Over a cache that cannot be reached for a while, or whose reply is lost; by clients, too, who look
/// into it again at once.
fn unreachable(verifies: bool) -> impl Iterator<Item = Scenario> {
    [Mishap::Outage, Mishap::ReplyLost]
        .into_iter()
        .flat_map(move |mishap| everything(mishap, verifies).chain(insisting(mishap, verifies)))
}

fn insisting(mishap: Mishap, verifies: bool) -> impl Iterator<Item = Scenario> {
    let scenarios = over(INSISTING, ROWS);
    scenarios.map(move |scenario| Scenario { mishap, verifies, insists: true, ..scenario })
}

/// Promise 3
/// Promise 4
/// Promise 5
#[test]
fn three_clients_see_nothing_stale_and_lose_nothing() {
    explore(everything(Mishap::None, false));
}

/// Promise 3
#[test]
fn an_entry_may_end_at_any_step() {
    explore(everything(Mishap::EntryEnds, false));
}

/// Promise 3
#[test]
fn the_cache_may_be_full_from_any_step_on() {
    explore(everything(Mishap::Full, false));
}

/// Promise 14
#[test]
fn a_client_may_leave_at_any_step() {
    explore(everything(Mishap::ClientLeaves, false));
}

/// Promise 5
#[test]
fn the_cache_may_fail_at_any_step_and_nothing_stored_is_lost() {
    explore(unreachable(false));
}

/// Promise 3
#[test]
fn with_verification_no_ended_session_is_read_though_the_cache_fails() {
    explore(unreachable(true));
}

#[test]
fn who_insists_comes_into_states_that_others_do_not() {
    for scenario in insisting(Mishap::Outage, false) {
        let patient = Scenario { insists: false, ..scenario.clone() }.explore().unwrap().states;
        assert!(scenario.explore().unwrap().states > patient);
    }
}

/// Explores with a defect, and expects this to be seen.
fn caught(scenario: Scenario, defect: Defect, expected: &str) {
    assert!(scenario.explore().is_ok(), "without the defect nothing is seen");
    let seen = Scenario { defect, ..scenario }.explore().expect_err("the defect goes unnoticed");
    assert!(seen.starts_with(expected), "{seen}");
}

const MISSES: &str = "a load misses";
const ENDED: &str = "a load shows a session that was ended before";

#[test]
fn a_fill_without_a_lease_is_caught() {
    let scenario = scenario([&[Load], &[Save('a')], &[Load]]);
    caught(scenario, Defect::FillWithoutLease, MISSES);
}

#[test]
fn a_renewal_without_a_version_is_caught() {
    let scenario = Scenario { warm: true, ..scenario([&[Touch], &[Save('a')], &[Load]]) };
    caught(scenario, Defect::RenewWithoutVersion, MISSES);
}

#[test]
fn a_write_that_leaves_the_old_copy_is_caught() {
    let scenario = Scenario { warm: true, ..scenario([&[Save('a')], &[Save('b')], &[Load]]) };
    caught(scenario, Defect::WriteForgetsTheCopy, MISSES);
}

#[test]
fn a_copy_of_what_was_not_written_is_caught() {
    let scenario = Scenario { warm: true, ..scenario([&[Save('a')], &[Save('b')], &[Load]]) };
    caught(scenario, Defect::CopyOfTheUnwritten, "a load shows what was never stored");
}

#[test]
fn a_write_that_leaves_a_lease_is_caught() {
    let scenario = scenario([&[Load], &[Save('a')], &[Load]]);
    caught(scenario, Defect::WriteLeavesLeases, MISSES);
}

#[test]
fn a_deletion_that_forgets_the_cache_is_caught() {
    let scenario = scenario([&[Load], &[Delete], &[Load]]);
    caught(scenario, Defect::DeletionForgetsTheCache, ENDED);
}

#[test]
fn a_tombstone_before_the_deletion_only_is_caught() {
    let scenario =
        Scenario { mishap: Mishap::EntryEnds, ..scenario([&[Load], &[Delete], &[Load]]) };
    caught(scenario, Defect::TombstoneOnlyBefore, ENDED);
}

#[test]
fn a_tombstone_that_yields_to_a_lease_is_caught() {
    let scenario = scenario([&[Load], &[Delete], &[Load]]);
    caught(scenario, Defect::TombstoneYieldsToALease, ENDED);
}

#[test]
fn a_swap_that_does_not_look_at_the_version_is_caught() {
    let scenario = scenario([&[Save('a')], &[Save('b')], &[Load]]);
    caught(scenario, Defect::BlindSwap, MISSES);
}

#[test]
fn a_save_that_makes_a_row_is_caught() {
    let scenario = scenario([&[Save('a')], &[Delete], &[Load]]);
    caught(scenario, Defect::Upsert, ENDED);
}

#[test]
fn a_change_of_key_that_leaves_the_old_row_is_caught() {
    let scenario = scenario([&[Cycle], &[Save('a')], &[Load]]);
    caught(scenario, Defect::CycleLeavesTheOldRow, ENDED);
}

#[test]
fn a_change_of_key_that_takes_anothers_is_caught() {
    let scenario = scenario([&[Collide], &[Save('a')], &[Load]]);
    caught(scenario, Defect::CycleTakesAnothersKey, "another session was overwritten");
}

#[test]
fn a_missing_verification_is_caught() {
    let scenario = Scenario {
        warm: true,
        mishap: Mishap::Outage,
        verifies: true,
        ..scenario([&[Load], &[Delete], &[Load]])
    };
    caught(scenario, Defect::NoVerification, ENDED);
}

#[test]
fn a_write_that_leaves_with_its_caller_is_caught() {
    let scenario = Scenario {
        warm: true,
        mishap: Mishap::ClientLeaves,
        ..scenario([&[Save('a')], &[Load], &[]])
    };
    caught(scenario, Defect::WritesLeaveWithTheirCaller, "in the end a load shows something else");
}

#[test]
fn a_full_cache_that_keeps_what_ended_is_caught() {
    let scenario =
        Scenario { warm: true, mishap: Mishap::Full, ..scenario([&[Load], &[Delete], &[Load]]) };
    caught(scenario, Defect::WriteForgetsTheCopy, ENDED);
}

#[test]
fn a_save_that_removes_the_row_is_caught() {
    let scenario = scenario([&[Save('a')], &[Load], &[]]);
    caught(scenario, Defect::SwapRemoves, "a session");
}
