//! A bounded part of `cargo xtask races`: seeded defects are found, and on every store none.

mod defect;
mod every_store;
mod recheck;
