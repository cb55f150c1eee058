use anyhow::Result;

use super::scope::{
    CACHES, CLEARED, ENDING, EVERYWHERE, FILES, KEYS, LARGE, ROWS, Reason, SIGNED, SWAPPED, Scope,
    TABLE,
};
use super::{
    beginning, clearing, cookie, counter, cycle, expiry, field, file, login, logout, rotation,
    stored, time_zone, unreadable,
};
use crate::interop::engine::Engine;
use crate::interop::pair::Pair;
use crate::interop::stage::Stage;

/// One sentence, tried on a stage whose shared sites run.
pub(in crate::interop) struct Scenario {
    pub(in crate::interop) name: String,
    pub(in crate::interop) run: fn(&Stage, &Pair) -> Result<()>,
    not_with: Scope,
}

impl Scenario {
    /// Why it makes no sense with an engine; none if it does.
    pub(in crate::interop) fn reason_against(&self, engine: Engine) -> Option<Reason> {
        self.not_with.iter().find_map(|(other, reason)| (*other == engine).then_some(*reason))
    }

    /// Each of these reasons, once.
    pub(in crate::interop) fn reasons(&self) -> Vec<Reason> {
        let mut reasons: Vec<Reason> = self.not_with.iter().map(|(_, reason)| *reason).collect();
        reasons.sort_by_key(|reason| *reason as u8);
        reasons.dedup();
        reasons
    }
}

/// Names each scenario by the sentence that its function's name is.
macro_rules! scenarios {
    ($($scope:ident: $room:ident :: $function:ident),+ $(,)?) => {
        vec![$(Scenario {
            name: stringify!($function).replace('_', " "),
            run: $room::$function,
            not_with: $scope,
        }),+]
    };
}

/// All scenarios, in the order in which they are run.
pub(in crate::interop) fn all() -> Vec<Scenario> {
    scenarios![
        TABLE: beginning::lodger_leaves_the_table_that_django_made,
        TABLE: beginning::django_takes_the_table_that_lodger_made,
        EVERYWHERE: login::a_visitor_who_logs_in_at_django_is_known_to_lodger,
        EVERYWHERE: login::a_visitor_who_logs_in_at_lodger_is_known_to_django,
        EVERYWHERE: field::lodgers_visitor_is_seen_by_django_with_the_same_fields,
        EVERYWHERE: field::a_text_set_by_lodger_is_read_by_django,
        EVERYWHERE: field::a_text_set_by_django_is_read_by_lodger,
        EVERYWHERE: field::a_value_set_by_django_is_read_by_lodger,
        EVERYWHERE: field::long_values_are_read_by_both,
        LARGE: field::values_that_hardly_compress_are_read_by_both,
        LARGE: field::a_big_list_grows_on_both_sides,
        SIGNED: stored::lodger_keeps_the_json_text_that_django_wrote,
        EVERYWHERE: stored::what_each_side_stores_is_read_by_django_alone,
        EVERYWHERE: stored::sites_that_work_in_turn_never_see_a_stale_value,
        KEYS: cycle::a_key_cycled_by_django_is_dead_on_both_sides,
        KEYS: cycle::a_key_cycled_by_lodger_is_dead_on_both_sides,
        KEYS: cycle::a_dead_key_is_adopted_by_neither,
        EVERYWHERE: logout::a_logout_at_django_holds_at_lodger,
        EVERYWHERE: logout::a_logout_at_lodger_holds_at_django,
        EVERYWHERE: cookie::both_sites_set_the_same_cookie,
        EVERYWHERE: expiry::the_default_expiry_agrees_to_the_second,
        EVERYWHERE: expiry::seconds_set_on_either_side_agree,
        EVERYWHERE: expiry::the_browsers_end_set_on_either_side_agrees,
        EVERYWHERE: expiry::a_date_set_by_django_is_read_by_lodger,
        ENDING: expiry::a_session_ends_on_both_sides_at_once,
        ROWS: expiry::the_rows_date_decides_on_both_sides,
        FILES: file::a_date_and_a_files_age_decide_on_both_sides,
        EVERYWHERE: counter::visits_to_both_sites_in_turn_are_all_counted,
        SWAPPED: counter::lodger_undoes_nothing_that_django_writes_meanwhile,
        CLEARED: clearing::clearsessions_and_clear_expired_delete_the_same_rows,
        FILES: file::clearsessions_and_clear_expired_delete_the_same_files,
        SIGNED: rotation::a_rotated_secret_keeps_old_sessions_on_both_sides,
        SIGNED: rotation::one_site_may_rotate_its_secret_before_the_other,
        SIGNED: unreadable::a_session_signed_with_a_foreign_key_is_empty_on_both_sides,
        SIGNED: unreadable::unreadable_data_are_an_empty_session_on_both_sides,
        CACHES: unreadable::what_is_no_pickle_is_an_empty_session_on_both_sides,
        EVERYWHERE: time_zone::sites_that_store_local_time_agree,
        ROWS: time_zone::local_time_is_cleared_alike,
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

    #[test]
    fn every_engine_has_scenarios_of_its_own_and_every_scenario_an_engine() {
        let all = all();
        for engine in Engine::ALL {
            let tried = all.iter().filter(|scenario| scenario.reason_against(engine).is_none());
            assert!(tried.count() >= 15, "{engine}");
        }
        for scenario in &all {
            let tried = |engine: &&Engine| scenario.reason_against(**engine).is_none();
            assert!(Engine::ALL.iter().any(|engine| tried(&engine)), "{}", scenario.name);
        }
        let db = |scenario: &Scenario| scenario.reason_against(Engine::Db);
        assert!(all.iter().filter_map(db).all(|reason| reason == Reason::Particular));
    }
}
