//! `cargo xtask fuzz`: what a fuzzer finds in whatever reads foreign bytes.
//!
//! The targets and their properties are the package `lodger-fuzz`, in `tests/fuzz`; here they are
//! built with cargo-fuzz and run one after the other.

mod build;
mod command;
mod fuzzer;
mod report;

pub(crate) use command::{Arguments, run};
