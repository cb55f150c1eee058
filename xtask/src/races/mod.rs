//! `cargo xtask races`: many workers on few sessions of every store, and histories that are checked.

mod command;
mod share;

pub(crate) use command::{Arguments, run};
