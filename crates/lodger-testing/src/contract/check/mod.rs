//! The sentences of the contract, each as a function over any store.
//!
//! Every check takes an empty store of its own. Its name says what holds, its doc comment which rule
//! of [`SessionStore`](lodger_core::SessionStore) that is.

mod load;

mod create;

mod swap;

mod touch;

mod cycle;

mod delete;

mod clear_expired;

mod dropped;

mod key;

mod data;
mod polled;
mod together;

pub use clear_expired::{
    clear_expired_is_bounded_and_comes_to_an_end, clear_expired_removes_only_what_ended_before_now,
    clear_expired_spares_what_is_renewed_meanwhile,
};
pub use create::{
    create_never_overwrites_a_live_record, create_never_overwrites_an_expired_record,
    create_stores_what_it_is_given, of_concurrent_creations_of_one_key_one_succeeds,
};
pub use cycle::{
    a_cycle_of_what_is_absent_creates_nothing, a_cycle_onto_a_taken_key_changes_neither,
    a_stale_cycle_is_told_what_is_there_and_writes_nothing,
    after_a_cycle_the_old_key_is_dead_and_the_new_one_live,
    of_a_cycle_and_a_swap_of_one_version_one_succeeds, of_concurrent_cycles_one_wins,
};
pub use data::{
    an_expire_date_is_kept_to_the_microsecond, data_come_back_exactly,
    data_of_a_mebibyte_come_back, dates_at_the_ends_of_the_calendar_are_kept,
    versions_tell_similar_texts_apart,
};
pub use delete::{
    a_delete_among_concurrent_writes_is_final, after_a_delete_no_write_brings_the_record_back,
    delete_is_idempotent, delete_removes_the_record,
};
pub use dropped::{
    a_dropped_creation_leaves_nothing_or_the_record, a_dropped_cycle_leaves_one_live_key,
    a_dropped_delete_leaves_the_record_or_nothing, a_dropped_swap_leaves_the_old_record_or_the_new,
};
pub use key::{
    a_hostile_key_is_absent, a_key_of_40_characters_is_kept, an_overlong_key_is_absent,
    keys_compare_exactly,
};
pub use load::{
    a_record_ends_at_its_expire_date, an_expired_record_is_absent_to_every_write,
    load_never_changes_or_deletes, load_never_creates,
};
pub(crate) use polled::{POLLS, polled};
pub use swap::{
    a_stale_swap_is_told_what_is_there_and_writes_nothing,
    a_swap_of_what_is_absent_creates_nothing, of_concurrent_swaps_of_one_version_one_succeeds,
    swap_replaces_data_and_expiry,
};
pub(crate) use together::together;
pub use touch::{
    a_stale_touch_is_told_what_is_there_and_writes_nothing, a_touch_never_undoes_a_concurrent_swap,
    a_touch_of_what_is_absent_creates_nothing, touch_moves_the_expiry_and_leaves_the_data,
};
