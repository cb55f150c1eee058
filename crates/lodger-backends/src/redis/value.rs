//! What lies under a name, as the store sees it.

use std::time::Duration;

use lodger_core::{
    Loaded, SessionData, SessionRecord, Span, StoreError, StoredKey, Timestamp, Version,
};

use super::failure::{Asked, unexpected};
use super::question::Verdict;
use super::store::RedisStore;
use crate::cache_layout::Entry;

impl RedisStore {
    /// The live record that a value is.
    pub(super) fn loaded(
        &self,
        key: &StoredKey,
        value: Vec<u8>,
        end: Timestamp,
        now: Timestamp,
    ) -> Option<Loaded> {
        let Entry::Record { session_data, expire_date } = self.layout.read(&value, end) else {
            return None;
        };
        (expire_date > now).then(|| Loaded {
            record: SessionRecord { session_key: key.clone(), session_data, expire_date },
            version: Some(version(value)),
            decoded: None,
        })
    }

    /// What a program found in the place of what was stated.
    pub(super) fn found(
        &self,
        key: &StoredKey,
        verdict: Verdict,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        match verdict {
            Verdict::Other(value, left) => Ok(self.loaded(key, value, end(left, now), now)),
            Verdict::Nothing => Ok(None),
            Verdict::Done | Verdict::Taken => Err(unexpected(Asked::Write)),
        }
    }

    /// The value and data that a version states, if a record of it can be live.
    pub(super) fn stated<'a>(
        &self,
        version: &'a Version,
        now: Timestamp,
    ) -> Option<(&'a [u8], SessionData)> {
        let value = version.data()?.as_bytes();
        match self.layout.read(value, Timestamp::MAX) {
            Entry::Record { session_data, expire_date } if expire_date > now => {
                Some((value, session_data))
            }
            _ => None,
        }
    }
}

/// Until when the server keeps what it says to have so many milliseconds to live.
pub(super) fn end(left: i64, now: Timestamp) -> Timestamp {
    if left < 0 { Timestamp::MAX } else { now + Span::from_micros(left.saturating_mul(1000)) }
}

/// Whole values are what is compared.
pub(super) fn version(value: Vec<u8>) -> Version {
    Version::from_data(SessionData::from_bytes(value))
}

/// A lifetime as the server counts it.
pub(super) fn millis(lifetime: Duration) -> Vec<u8> {
    // More than this the server cannot add to its clock.
    const LONGEST: u128 = 10_000 * 366 * 86_400 * 1000;
    lifetime.as_millis().clamp(1, LONGEST).to_string().into_bytes()
}
