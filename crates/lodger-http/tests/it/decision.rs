//! The table, against all that can be asked of it.

use lodger_core::Facts;
use lodger_http::{Action, Decision, Inputs, decide};
use serde::Deserialize;

#[derive(Deserialize)]
struct Table {
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    name: String,
    presented: Option<bool>,
    accessed: Option<bool>,
    modified: Option<bool>,
    empty: Option<bool>,
    flushed: Option<bool>,
    due: Option<bool>,
    server_error: Option<bool>,
    save_every_request: Option<bool>,
    action: String,
    vary: bool,
}

impl Row {
    fn matches(&self, inputs: Inputs) -> bool {
        let Inputs { facts, presented, server_error, save_every_request } = inputs;
        [
            (self.presented, presented),
            (self.accessed, facts.accessed),
            (self.modified, facts.modified),
            (self.empty, facts.empty),
            (self.flushed, facts.flushed),
            (self.due, facts.due),
            (self.server_error, server_error),
            (self.save_every_request, save_every_request),
        ]
        .into_iter()
        .all(|(wanted, given)| wanted.is_none_or(|wanted| wanted == given))
    }

    fn decision(&self) -> Decision {
        let action = match self.action.as_str() {
            "leave" => Action::Leave,
            "touch" => Action::Touch,
            "save" => Action::Save,
            "delete" => Action::Delete,
            other => panic!("no action {other}"),
        };
        Decision { action, vary: self.vary }
    }
}

fn all_inputs() -> impl Iterator<Item = Inputs> {
    (0_u8..=u8::MAX).map(|bits| {
        let bit = |at: u8| bits & 1 << at != 0;
        let (accessed, modified, empty) = (bit(0), bit(1), bit(2));
        let facts = Facts { accessed, modified, empty, flushed: bit(3), due: bit(7) };
        Inputs { facts, presented: bit(4), server_error: bit(5), save_every_request: bit(6) }
    })
}

/// Django: SessionMiddlewareTests.test_session_save_on_500
/// Django: SessionMiddlewareTests.test_session_save_on_5xx
/// Promise 11
#[test]
fn every_combination_is_decided_as_the_one_row_it_is_in_says() {
    let table: Table = toml::from_str(include_str!("decision.toml")).unwrap();
    let mut used = vec![0; table.row.len()];
    for inputs in all_inputs() {
        let rows: Vec<_> =
            table.row.iter().enumerate().filter(|(_, row)| row.matches(inputs)).collect();
        let [(at, row)] = rows[..] else {
            let names: Vec<_> = rows.iter().map(|(_, row)| &row.name).collect();
            panic!("{inputs:?} is in {names:?}");
        };
        assert_eq!(decide(inputs), row.decision(), "{}: {inputs:?}", row.name);
        used[at] += 1;
    }
    assert_eq!(used.iter().sum::<usize>(), 256);
    assert!(used.iter().all(|&count| count > 0), "a row stands for nothing: {used:?}");
}

/// Promise 13
#[test]
fn whatever_was_accessed_or_sets_a_cookie_varies() {
    for inputs in all_inputs() {
        let decision = decide(inputs);
        if inputs.facts.accessed || decision.action != Action::Leave {
            assert!(decision.vary, "{inputs:?}");
        }
    }
}
