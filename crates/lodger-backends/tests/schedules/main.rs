//! The memory store's locks and the manager's queue, in many orders of their steps.
//!
//! `cargo xtask schedules` compiles this with `--cfg lodger_shuttle`; otherwise there is nothing here.
#![cfg(lodger_shuttle)]
#![expect(clippy::unwrap_used, reason = "it is a test")]

mod busy_store;
mod explore;
mod memory;
mod queue;
mod site;
