//! The suite as tests.

/// Makes a module of tests, one for each [`check`](crate::contract::check), of an expression that
/// makes an empty store: a future of a [`Fixture`](crate::contract::Fixture), evaluated anew for
/// each test.
///
/// Each test runs on a tokio runtime of several threads. What the expression names must be visible
/// where the macro is called.
///
/// ```
/// use lodger_backends::memory::MemoryStore;
/// use lodger_testing::contract::Subject;
///
/// lodger_testing::store_contract!(memory, async { Subject::new(MemoryStore::default()) });
/// # fn main() {}
/// ```
#[macro_export]
macro_rules! store_contract {
    ($module:ident, $factory:expr) => {
        mod $module {
            #[allow(unused_imports, reason = "the expression may name nothing")]
            use super::*;

            $crate::store_contract! { @tests $factory;
                a_record_ends_at_its_expire_date
                an_expired_record_is_absent_to_every_write
                load_never_creates
                load_never_changes_or_deletes
                create_stores_what_it_is_given
                create_never_overwrites_a_live_record
                create_never_overwrites_an_expired_record
                of_concurrent_creations_of_one_key_one_succeeds
                swap_replaces_data_and_expiry
                a_stale_swap_is_told_what_is_there_and_writes_nothing
                a_swap_of_what_is_absent_creates_nothing
                of_concurrent_swaps_of_one_version_one_succeeds
                touch_moves_the_expiry_and_leaves_the_data
                a_stale_touch_is_told_what_is_there_and_writes_nothing
                a_touch_of_what_is_absent_creates_nothing
                a_touch_never_undoes_a_concurrent_swap
                after_a_cycle_the_old_key_is_dead_and_the_new_one_live
                a_stale_cycle_is_told_what_is_there_and_writes_nothing
                a_cycle_of_what_is_absent_creates_nothing
                a_cycle_onto_a_taken_key_changes_neither
                of_concurrent_cycles_one_wins
                of_a_cycle_and_a_swap_of_one_version_one_succeeds
                delete_removes_the_record
                delete_is_idempotent
                after_a_delete_no_write_brings_the_record_back
                a_delete_among_concurrent_writes_is_final
                clear_expired_removes_only_what_ended_before_now
                clear_expired_is_bounded_and_comes_to_an_end
                clear_expired_spares_what_is_renewed_meanwhile
                a_dropped_swap_leaves_the_old_record_or_the_new
                a_dropped_creation_leaves_nothing_or_the_record
                a_dropped_cycle_leaves_one_live_key
                a_dropped_delete_leaves_the_record_or_nothing
                keys_compare_exactly
                a_key_of_40_characters_is_kept
                an_overlong_key_is_absent
                a_hostile_key_is_absent
                data_come_back_exactly
                data_of_a_mebibyte_come_back
                versions_tell_similar_texts_apart
                an_expire_date_is_kept_to_the_microsecond
                dates_at_the_ends_of_the_calendar_are_kept
            }
        }
    };
    (@tests $factory:expr; $($check:ident)*) => {
        $(
            #[test]
            fn $check() {
                $crate::contract::run($factory, $crate::contract::check::$check);
            }
        )*
    };
}
