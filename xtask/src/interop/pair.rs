use super::configuration::Configuration;
use super::demo::Demo;
use super::django::{Django, Project};

/// Both sites, served on one database.
pub(super) struct Pair {
    pub(super) django: Django,
    pub(super) demo: Demo,
    pub(super) project: Project,
    pub(super) configuration: Configuration,
}
