use anyhow::Result;

use super::{
    beginning, clearing, cookie, counter, cycle, expiry, field, json_text, login, logout, rotation,
    time_zone, unreadable,
};
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;

/// One sentence, tried on a stage whose shared sites run.
pub(in crate::interop) struct Scenario {
    pub(in crate::interop) name: String,
    pub(in crate::interop) run: fn(&Stage, &Pair) -> Result<()>,
}

/// Names each scenario by the sentence that its function's name is.
macro_rules! scenarios {
    ($($room:ident :: $function:ident),+ $(,)?) => {
        vec![$(Scenario { name: stringify!($function).replace('_', " "), run: $room::$function }),+]
    };
}

/// All scenarios, in the order in which they are run.
pub(in crate::interop) fn all() -> Vec<Scenario> {
    scenarios![
        beginning::lodger_leaves_the_table_that_django_made,
        beginning::django_takes_the_table_that_lodger_made,
        login::a_visitor_who_logs_in_at_django_is_known_to_lodger,
        login::a_visitor_who_logs_in_at_lodger_is_known_to_django,
        field::lodgers_visitor_is_seen_by_django_with_the_same_fields,
        field::a_text_set_by_lodger_is_read_by_django,
        field::a_text_set_by_django_is_read_by_lodger,
        field::a_value_set_by_django_is_read_by_lodger,
        field::long_values_are_compressed_and_read_by_both,
        field::a_big_list_grows_on_both_sides,
        json_text::lodger_keeps_the_json_text_that_django_wrote,
        json_text::rows_of_both_are_read_by_djangos_signing,
        cycle::a_key_cycled_by_django_is_dead_on_both_sides,
        cycle::a_key_cycled_by_lodger_is_dead_on_both_sides,
        cycle::a_dead_key_is_adopted_by_neither,
        logout::a_logout_at_django_holds_at_lodger,
        logout::a_logout_at_lodger_holds_at_django,
        cookie::both_sites_set_the_same_cookie,
        expiry::the_default_expiry_agrees_to_the_second,
        expiry::seconds_set_on_either_side_agree,
        expiry::the_browsers_end_set_on_either_side_agrees,
        expiry::a_date_set_by_django_is_read_by_lodger,
        expiry::a_session_ends_on_both_sides_at_once,
        expiry::the_rows_date_decides_on_both_sides,
        counter::visits_to_both_sites_in_turn_are_all_counted,
        counter::lodger_undoes_nothing_that_django_writes_meanwhile,
        clearing::clearsessions_and_clear_expired_delete_the_same_rows,
        rotation::a_rotated_secret_keeps_old_sessions_on_both_sides,
        rotation::one_site_may_rotate_its_secret_before_the_other,
        unreadable::a_session_signed_with_a_foreign_key_is_empty_on_both_sides,
        unreadable::an_unreadable_row_is_an_empty_session_on_both_sides,
        time_zone::sites_that_store_local_time_agree,
        time_zone::local_time_is_cleared_alike,
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_scenario_has_a_sentence_of_its_own() {
        let names: Vec<String> = all().into_iter().map(|scenario| scenario.name).collect();
        assert!(names.iter().all(|name| name.split(' ').count() > 3), "{names:?}");
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), names.len());
    }
}
