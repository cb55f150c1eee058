//! The entity against what Django recorded, and its names in every language.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod ddl;
mod refused;
#[cfg(feature = "fluent")]
mod verbose_name;
