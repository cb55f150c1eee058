//! The sentences of the contract, each as a function over any cache.
//!
//! Every check takes an empty cache of its own. Its name says what holds, its doc comment which rule
//! of [`SessionCache`](lodger_core::SessionCache) that is.

mod get;

mod lease;

mod swap;

mod data;

mod tombstone;

mod invalidate;

mod lifetime;

mod key;

mod dropped;

pub use data::{data_come_back_exactly, large_data_come_back};
pub use dropped::{
    a_dropped_invalidation_leaves_the_entry_or_nothing, a_dropped_lease_is_taken_or_not,
    a_dropped_swap_leaves_the_old_entry_or_the_new,
    a_dropped_tombstone_leaves_the_entry_or_the_tombstone,
};
pub use get::{what_is_gone_does_not_come_back, what_was_never_there_is_absent};
pub use invalidate::{
    after_an_invalidation_no_swap_writes, an_invalidation_among_concurrent_swaps_is_final,
    an_invalidation_removes_record_and_lease,
};
pub use key::{a_hostile_key_is_no_other_key, keys_compare_exactly};
pub use lease::{
    a_lease_is_taken_where_nothing_is_kept, no_lease_is_taken_where_something_is_kept,
    no_two_leases_have_the_same_version, of_concurrent_leases_one_is_taken,
};
pub use lifetime::{
    a_swap_sets_the_lifetime_anew, entries_end_after_their_lifetime,
    lifetimes_of_any_length_are_taken,
};
pub use swap::{
    a_stale_swap_writes_nothing, a_swap_fills_its_lease, a_swap_of_what_is_absent_writes_nothing,
    a_swap_replaces_the_record_of_its_version, a_swap_takes_no_other_key,
    of_concurrent_swaps_of_one_version_one_succeeds,
};
pub use tombstone::{
    a_tombstone_among_concurrent_calls_is_final, a_tombstone_takes_the_place_of_anything,
    a_tombstone_withstands_everything_else,
};
