//! Every check finds the mistake that it is there for.

use lodger_testing::contract::{Subject, check};

use crate::flawed_store::FlawedStore;
use crate::mistake::Mistake;

/// One test for each pair: a store with this mistake fails this check.
macro_rules! seen_to_fail {
    ($($test:ident: $mistake:ident => $($check:ident),+;)+) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $test() {
                $(
                    let subject = Subject::new(FlawedStore::new(Mistake::$mistake));
                    let checked = check::$check(subject).await;
                    assert!(checked.is_err(), "{} passed {:?}", stringify!($check), Mistake::$mistake);
                )+
            }
        )+

        /// The checks that a mistake was made for.
        const COVERED: &[&str] = &[$($(stringify!($check)),+),+];
    };
}

seen_to_fail! {
    a_load_that_ignores_the_end: ServesExpired => a_record_ends_at_its_expire_date;
    a_load_at_the_very_end: ServesAtItsEnd => a_record_ends_at_its_expire_date;
    writes_that_ignore_the_end: WritesExpired => an_expired_record_is_absent_to_every_write;
    a_load_that_creates: LoadCreates => load_never_creates;
    a_load_that_tidies_up: LoadDeletesExpired => load_never_changes_or_deletes;
    a_creation_that_overwrites: CreateUpserts => create_never_overwrites_a_live_record,
        of_concurrent_creations_of_one_key_one_succeeds;
    a_creation_that_lies: CreateLies => create_never_overwrites_an_expired_record,
        create_never_overwrites_a_live_record;
    a_creation_that_looks_first: CreateRaces => of_concurrent_creations_of_one_key_one_succeeds;
    a_creation_with_another_end: CreateKeepsHour => create_stores_what_it_is_given;
    a_creation_in_halves: CreateInHalves => a_dropped_creation_leaves_nothing_or_the_record;
    a_blind_swap: SwapUpserts => a_stale_swap_is_told_what_is_there_and_writes_nothing,
        a_swap_of_what_is_absent_creates_nothing, after_a_delete_no_write_brings_the_record_back,
        of_concurrent_swaps_of_one_version_one_succeeds, an_expired_record_is_absent_to_every_write,
        versions_tell_similar_texts_apart;
    a_swap_that_keeps_the_end: SwapKeepsEnd => swap_replaces_data_and_expiry;
    a_swap_that_looks_first: SwapRaces => of_concurrent_swaps_of_one_version_one_succeeds,
        a_delete_among_concurrent_writes_is_final;
    a_swap_in_halves: SwapInHalves => a_dropped_swap_leaves_the_old_record_or_the_new;
    a_touch_of_any_version: TouchIgnoresVersion =>
        a_stale_touch_is_told_what_is_there_and_writes_nothing;
    a_touch_that_creates: TouchUpserts => a_touch_of_what_is_absent_creates_nothing,
        after_a_delete_no_write_brings_the_record_back;
    a_touch_that_drops_data: TouchDropsData => touch_moves_the_expiry_and_leaves_the_data;
    a_touch_that_looks_first: TouchRaces => a_touch_never_undoes_a_concurrent_swap,
        a_delete_among_concurrent_writes_is_final;
    a_cycle_that_keeps_the_old_key: CycleKeepsOld =>
        after_a_cycle_the_old_key_is_dead_and_the_new_one_live, of_concurrent_cycles_one_wins;
    a_cycle_that_overwrites: CycleOverwrites => a_cycle_onto_a_taken_key_changes_neither;
    a_cycle_of_any_version: CycleIgnoresVersion =>
        a_stale_cycle_is_told_what_is_there_and_writes_nothing;
    a_cycle_that_creates: CycleResurrects => a_cycle_of_what_is_absent_creates_nothing,
        after_a_delete_no_write_brings_the_record_back, of_concurrent_cycles_one_wins;
    a_cycle_that_looks_first: CycleRaces => of_concurrent_cycles_one_wins,
        of_a_cycle_and_a_swap_of_one_version_one_succeeds;
    a_cycle_in_halves: CycleInHalves => a_dropped_cycle_leaves_one_live_key;
    a_delete_that_forgets: DeleteForgets => delete_removes_the_record;
    a_delete_that_hides: DeleteHides => delete_is_idempotent;
    a_delete_that_fails_on_nothing: DeleteOfNothingFails => delete_is_idempotent;
    a_delete_in_halves: DeleteInHalves => a_dropped_delete_leaves_the_record_or_nothing;
    a_clearing_at_the_very_end: SweepsAtTheEnd => clear_expired_removes_only_what_ended_before_now;
    a_clearing_without_bound: SweepIgnoresLimit => clear_expired_is_bounded_and_comes_to_an_end;
    a_clearing_without_end: SweepNeverEnds => clear_expired_is_bounded_and_comes_to_an_end;
    a_clearing_that_stops_early: SweepStopsEarly => clear_expired_is_bounded_and_comes_to_an_end;
    a_clearing_that_looks_first: SweepRaces => clear_expired_spares_what_is_renewed_meanwhile;
    keys_without_case: FoldsCase => keys_compare_exactly;
    keys_without_blanks: TrimsKeys => keys_compare_exactly;
    keys_cut_short: CutsKeysAt39 => a_key_of_40_characters_is_kept;
    keys_cut_off: CutsKeysAt40 => an_overlong_key_is_absent;
    keys_with_nul_that_fail: FailsOnNul => a_hostile_key_is_absent;
    data_without_blanks: TrimsData => data_come_back_exactly;
    data_cut_off: CutsData => data_of_a_mebibyte_come_back;
    versions_without_case: FoldsVersions => versions_tell_similar_texts_apart;
    ends_in_whole_seconds: RoundsEnds => an_expire_date_is_kept_to_the_microsecond;
    ends_in_32_bits: EndsIn32Bits => dates_at_the_ends_of_the_calendar_are_kept;
}

#[test]
fn every_check_was_seen_to_fail() {
    let suite = include_str!("../../src/contract/store_contract.rs");
    let (_, list) = suite.split_once("@tests $factory;").unwrap();
    let (list, _) = list.split_once('}').unwrap();
    let checks: Vec<&str> = list.split_whitespace().collect();
    assert!(checks.len() > 40, "{checks:?}");
    for check in checks {
        assert!(COVERED.contains(&check), "no mistake makes {check} fail");
    }
}
