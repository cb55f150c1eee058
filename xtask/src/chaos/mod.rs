//! `cargo xtask chaos`: what becomes of saves while servers are killed, wires cut and disks full.

mod command;
mod line;
mod table;
mod verdict;

pub(crate) use command::{Arguments, run};
