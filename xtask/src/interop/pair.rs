use super::configuration::Configuration;
use super::demo::Demo;
use super::django::{Django, Project};
use super::engine::Engine;

/// Both sites, served on one store.
pub(super) struct Pair {
    pub(super) django: Django,
    pub(super) demo: Demo,
    pub(super) project: Project,
    pub(super) configuration: Configuration,
}

impl Pair {
    pub(super) fn engine(&self) -> Engine {
        self.configuration.engine
    }
}
