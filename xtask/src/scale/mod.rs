//! `cargo xtask scale`: how much it takes to clear what no test makes, a million session files.

mod command;
mod report;

pub(crate) use command::{Arguments, run};
