//! Properties of Lodger that hold for any bytes.
//!
//! - [`target`](mod@target): one module for each reader of foreign bytes; its `check` panics where a
//!   property does not hold. `cargo xtask fuzz` hands it what a fuzzer makes up, and a test what
//!   lies in `corpus/`, as it is and changed.
//! - [`input`]: bytes taken apart into choices and a rest;
//! - [`memory`]: what a piece of work may take;
//! - [`signature`]: what Django signs, made apart from Lodger's codec;
//! - [`canary`]: what no text may show.

pub mod canary;
pub mod input;
pub mod memory;
pub mod signature;
pub mod target;

pub use target::{TARGETS, Target};
