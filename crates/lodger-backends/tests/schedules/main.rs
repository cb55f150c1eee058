//! The memory store's locks and the manager's queue, in many orders of their steps.
//!
//! `cargo xtask schedules` compiles this with `--cfg lodger_shuttle`; otherwise there is nothing here.
#![cfg(lodger_shuttle)]

mod busy_store;
mod explore;
mod memory;
mod queue;
mod site;
