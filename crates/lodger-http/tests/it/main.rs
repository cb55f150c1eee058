//! Tests of the HTTP side.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cache_control;
mod cookie_read;
mod cookie_write;
mod decision;
mod engine;
mod flow;
mod properties;
mod recorded;
mod secret;
mod vary;
