//! What we do otherwise than Django, on purpose.

use serde::Deserialize;

use super::scenario::Scenario;

/// A row of `differences.toml`: which scenarios, in what they differ, and why.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Difference {
    /// The engines, by Django's names; only `db` if not given.
    engine: Option<Vec<String>>,
    /// What is not given is any.
    settings: Option<Vec<String>>,
    incoming: Option<Vec<String>>,
    action: Option<Vec<String>>,
    /// The aspects of the outcome, all of them and no others. `unbuilt`: the settings are refused.
    /// `absent`: there is no such action.
    pub(super) differs: Vec<String>,
    pub(super) why: String,
}

#[derive(Deserialize)]
struct File {
    difference: Vec<Difference>,
}

/// All intended differences of an engine.
pub(super) fn differences(engine: &str) -> Vec<Difference> {
    let file: File =
        toml::from_str(include_str!("differences.toml")).expect("the file has this shape");
    file.difference.into_iter().filter(|difference| difference.is_of_engine(engine)).collect()
}

impl Difference {
    fn is_of_engine(&self, engine: &str) -> bool {
        match &self.engine {
            None => engine == "db",
            Some(engines) => engines.iter().any(|named| named == engine),
        }
    }

    pub(super) fn is_of(&self, scenario: &Scenario) -> bool {
        let names = |list: &Option<Vec<String>>, text: &String| {
            list.as_ref().is_none_or(|list| list.contains(text))
        };
        names(&self.settings, &scenario.settings)
            && names(&self.incoming, &scenario.incoming)
            && names(&self.action, &scenario.action)
    }
}
