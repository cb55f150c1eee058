//! The entity against what Django recorded, and its names in every language.

#![allow(dead_code, reason = "an entity's macro makes more than a test uses")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ddl;
mod refused;
#[cfg(feature = "fluent")]
mod verbose_name;
