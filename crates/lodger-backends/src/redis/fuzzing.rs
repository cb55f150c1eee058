//! Doors for Lodger's own fuzzer to what reads a server's bytes. No API: they change at any time.

use lodger_core::{Loaded, SessionData, StoreError, StoredKey, Timestamp, Version};
use redis::Value;

use super::RedisStore;
use super::failure::{Asked, unexpected};
use super::question::Verdict;
use super::value;

/// The live record under a name of this value, which the server keeps for so many milliseconds.
#[must_use]
pub fn loaded(
    store: &RedisStore,
    key: &StoredKey,
    value: &[u8],
    left: i64,
    now: Timestamp,
) -> Option<Loaded> {
    store.loaded(key, value.to_vec(), value::end(left, now), now)
}

/// The data that a version states, if a record of it can be live.
#[must_use]
pub fn stated(store: &RedisStore, version: &Version, now: Timestamp) -> Option<SessionData> {
    store.stated(version, now).map(|(_, data)| data)
}

/// What a script's reply says is there in the place of what was stated.
///
/// # Errors
///
/// When it is no reply of ours, or says that nothing else is there.
pub fn found(
    store: &RedisStore,
    key: &StoredKey,
    reply: Value,
    now: Timestamp,
) -> Result<Option<Loaded>, StoreError> {
    let verdict = Verdict::read(reply).ok_or_else(|| unexpected(Asked::Write))?;
    store.found(key, verdict, now)
}
