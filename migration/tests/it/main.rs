//! The migrations on real databases, and the generator in a folder of its own.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod database;
mod description;
mod recorded;

mod changes;
mod creation;
mod django;
mod generator;
mod half_made;
mod migrate;
mod search_path;
mod together;
