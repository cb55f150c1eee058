//! The suite and the stores for tests, tested themselves.

mod cache_mistake;
mod cache_seen_to_fail;
mod clock_and_keys;
mod failing_store;
mod flawed_cache;
mod flawed_store;
mod history;
mod mistake;
mod seen_to_fail;
mod sound_store;
mod spy_store;
