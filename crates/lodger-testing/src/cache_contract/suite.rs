//! The suite as tests.

/// Makes a module of tests, one for each [`check`](crate::cache_contract::check), of an expression
/// that makes an empty cache: a future of a [`Fixture`](crate::cache_contract::Fixture), evaluated
/// anew for each test.
///
/// Each test runs on a tokio runtime of several threads, and some wait for a second or two. What the
/// expression names must be visible where the macro is called. The
/// [module of this name](mod@crate::cache_contract) has an example.
#[macro_export]
macro_rules! cache_contract {
    ($module:ident, $factory:expr) => {
        mod $module {
            #[allow(unused_imports, reason = "the expression may name nothing")]
            use super::*;

            $crate::cache_contract! { @tests $factory;
                what_was_never_there_is_absent
                what_is_gone_does_not_come_back
                a_lease_is_taken_where_nothing_is_kept
                no_lease_is_taken_where_something_is_kept
                no_two_leases_have_the_same_version
                of_concurrent_leases_one_is_taken
                a_swap_fills_its_lease
                a_swap_replaces_the_record_of_its_version
                a_stale_swap_writes_nothing
                a_swap_of_what_is_absent_writes_nothing
                a_swap_takes_no_other_key
                of_concurrent_swaps_of_one_version_one_succeeds
                data_come_back_exactly
                large_data_come_back
                a_tombstone_takes_the_place_of_anything
                a_tombstone_withstands_everything_else
                a_tombstone_among_concurrent_calls_is_final
                an_invalidation_removes_record_and_lease
                after_an_invalidation_no_swap_writes
                an_invalidation_among_concurrent_swaps_is_final
                entries_end_after_their_lifetime
                a_swap_sets_the_lifetime_anew
                lifetimes_of_any_length_are_taken
                keys_compare_exactly
                a_hostile_key_is_no_other_key
                a_dropped_lease_is_taken_or_not
                a_dropped_swap_leaves_the_old_entry_or_the_new
                a_dropped_tombstone_leaves_the_entry_or_the_tombstone
                a_dropped_invalidation_leaves_the_entry_or_nothing
            }
        }
    };
    (@tests $factory:expr; $($check:ident)*) => {
        $(
            #[test]
            fn $check() {
                $crate::cache_contract::run($factory, $crate::cache_contract::check::$check);
            }
        )*
    };
}
