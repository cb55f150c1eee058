//! What a flawed store remembers.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lodger_core::{SessionRecord, StoredKey};

/// How far a replica may be behind.
const BEHIND: Duration = Duration::from_millis(10);

/// What was once under each key, and how often something was asked.
#[derive(Default)]
pub(super) struct Past {
    records: Mutex<HashMap<StoredKey, (Option<SessionRecord>, Instant)>>,
    calls: AtomicU64,
}

impl Past {
    /// Whether it is time to do something wrong again: every seventh time.
    pub(super) fn now_and_then(&self) -> bool {
        self.calls.fetch_add(1, Ordering::Relaxed) % 7 == 6
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StoredKey, (Option<SessionRecord>, Instant)>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn remember(&self, key: &StoredKey, record: Option<SessionRecord>) {
        self.lock().insert(key.clone(), (record, Instant::now()));
    }

    /// What was last seen under a key.
    pub(super) fn of(&self, key: &StoredKey) -> Option<SessionRecord> {
        self.lock().get(key).and_then(|(record, _)| record.clone())
    }

    /// What a replica has under a key that it has just copied.
    pub(super) fn replica(&self, key: &StoredKey) -> Option<Option<SessionRecord>> {
        let records = self.lock();
        let (record, copied_at) = records.get(key)?;
        (copied_at.elapsed() < BEHIND).then(|| record.clone())
    }

    /// A record of another session.
    pub(super) fn of_another(&self, key: &StoredKey) -> Option<SessionRecord> {
        let records = self.lock();
        let mut others = records.iter().filter(|(other, _)| *other != key);
        others.find_map(|(_, (record, _))| record.clone())
    }
}
