//! `cargo xtask chaos`: what becomes of saves while whatever they depend on fails.

mod command;
mod line;
mod table;
mod verdict;

pub(crate) use command::{Arguments, run};
