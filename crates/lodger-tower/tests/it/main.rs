//! Tests of the layer and the extractors.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "../../../lodger-http/tests/it/engine.rs"]
mod engine;
#[cfg(feature = "axum")]
mod extract;
mod interrupted;
mod layer;
mod several;
mod visit;
