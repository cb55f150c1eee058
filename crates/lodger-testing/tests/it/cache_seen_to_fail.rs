//! Every check of a cache finds the mistake that it is there for, and a sound cache passes.

use lodger_testing::cache_contract::{Fixture, Subject, check};

use crate::cache_mistake::CacheMistake;
use crate::flawed_cache::FlawedCache;

lodger_testing::cache_contract!(sound, async {
    Subject::new(FlawedCache::new(CacheMistake::None))
});
lodger_testing::cache_contract!(without_dates, async {
    Subject::new(FlawedCache::new(CacheMistake::ForgetsDates)).without_dates()
});

/// One test for each pair: a cache with this mistake fails this check.
macro_rules! seen_to_fail {
    ($($test:ident: $mistake:ident => $($check:ident),+;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                $(
                    let subject = Subject::new(FlawedCache::new(CacheMistake::$mistake));
                    let checked = check::$check(subject).await;
                    let mistake = CacheMistake::$mistake;
                    assert!(checked.is_err(), "{} passed {mistake:?}", stringify!($check));
                )+
            }
        )+

        /// The checks that a mistake was made for.
        const COVERED: &[&str] = &[$($(stringify!($check)),+),+];
    };
}

seen_to_fail! {
    a_look_that_leaves_something: GetLeases => what_was_never_there_is_absent;
    a_lease_that_is_not_kept: LeaseIsNotKept => a_lease_is_taken_where_nothing_is_kept;
    a_lease_that_overwrites: LeaseOverwrites => no_lease_is_taken_where_something_is_kept;
    a_lease_over_a_tombstone: LeaseTakesTombstones => no_lease_is_taken_where_something_is_kept,
        a_tombstone_withstands_everything_else;
    leases_that_are_all_the_same: LeasesAlike => no_two_leases_have_the_same_version,
        a_swap_takes_no_other_key, after_an_invalidation_no_swap_writes;
    a_lease_that_looks_first: LeaseRaces => of_concurrent_leases_one_is_taken;
    a_lease_in_halves: LeaseInHalves => a_dropped_lease_is_taken_or_not;
    a_swap_of_any_version: SwapIgnoresVersion => a_swap_fills_its_lease, a_stale_swap_writes_nothing,
        a_swap_takes_no_other_key, a_tombstone_withstands_everything_else;
    a_swap_of_nothing: SwapUpserts => a_swap_of_what_is_absent_writes_nothing,
        after_an_invalidation_no_swap_writes;
    a_swap_of_leases_alone: SwapFillsLeasesOnly => a_swap_replaces_the_record_of_its_version;
    a_swap_that_looks_first: SwapRaces => of_concurrent_swaps_of_one_version_one_succeeds,
        an_invalidation_among_concurrent_swaps_is_final,
        a_tombstone_among_concurrent_calls_is_final;
    a_swap_that_keeps_the_lifetime: SwapKeepsLifetime => a_swap_sets_the_lifetime_anew;
    a_swap_in_halves: SwapInHalves => a_dropped_swap_leaves_the_old_entry_or_the_new;
    a_tombstone_that_gives_way: TombstoneIsPolite => a_tombstone_takes_the_place_of_anything;
    a_tombstone_in_halves: TombstoneInHalves =>
        a_dropped_tombstone_leaves_the_entry_or_the_tombstone;
    an_invalidation_of_tombstones: InvalidateTakesTombstones =>
        a_tombstone_withstands_everything_else;
    an_invalidation_of_records_alone: InvalidateForgetsLeases =>
        an_invalidation_removes_record_and_lease;
    an_invalidation_that_hides: InvalidateHides => what_is_gone_does_not_come_back;
    an_invalidation_that_looks_first: InvalidateRaces =>
        a_tombstone_among_concurrent_calls_is_final;
    an_invalidation_in_halves: InvalidateInHalves =>
        a_dropped_invalidation_leaves_the_entry_or_nothing;
    entries_without_end: NeverEnds => entries_end_after_their_lifetime,
        lifetimes_of_any_length_are_taken;
    zero_that_lasts: ZeroIsForEver => lifetimes_of_any_length_are_taken;
    months_that_are_over: MonthIsADate => lifetimes_of_any_length_are_taken;
    keys_without_case: FoldsCase => keys_compare_exactly;
    keys_without_blanks: TrimsKeys => keys_compare_exactly;
    keys_cut_off: CutsKeysAtControls => a_hostile_key_is_no_other_key;
    keys_with_nul_that_fail: FailsOnNul => a_hostile_key_is_no_other_key;
    data_that_must_be_text: TextOnly => data_come_back_exactly;
    data_cut_off: CutsData => large_data_come_back;
    dates_that_are_lost: ForgetsDates => a_swap_fills_its_lease;
}

#[test]
fn every_check_was_seen_to_fail() {
    let suite = include_str!("../../src/cache_contract/suite.rs");
    let (_, list) = suite.split_once("@tests $factory;").unwrap();
    let (list, _) = list.split_once('}').unwrap();
    let checks: Vec<&str> = list.split_whitespace().collect();
    assert!(checks.len() > 25, "{checks:?}");
    for check in checks {
        assert!(COVERED.contains(&check), "no mistake makes {check} fail");
    }
}

#[tokio::test]
async fn a_fixture_that_cannot_be_had_has_no_subject() {
    let none: Option<Subject<FlawedCache>> = None;
    assert!(none.subject().is_none());
    none.close().await;
    let some = Some(Subject::new(FlawedCache::new(CacheMistake::None)));
    assert!(some.subject().is_some());
}
