//! `cargo xtask schedules`: the memory store's locks and the manager's queue, in many orders of their
//! steps.
//!
//! The scenarios are tests of lodger-backends, compiled in a folder of their own with a `--cfg` that
//! exchanges the locks. That they would find something is shown by `defects`: each is put into a copy
//! of the checkout, and a scenario has to fail there.

mod build;
mod command;
mod copy;
mod defect;
mod defects;

pub(crate) use build::build;
pub(crate) use command::{Arguments, run};
