//! A small sound cache, and what becomes of it with one mistake.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::{Duration, Instant};

use lodger_core::{
    Cached, SessionCache, SessionData, SessionRecord, StoreError, StoredKey, Timestamp, Version,
};

use crate::cache_mistake::CacheMistake;

pub(crate) struct FlawedCache {
    mistake: CacheMistake,
    entries: Mutex<HashMap<StoredKey, Entry>>,
    hidden: Mutex<HashMap<StoredKey, (Instant, Entry)>>,
    version: AtomicU64,
    turn: tokio::sync::Mutex<()>,
}

#[derive(Clone)]
struct Entry {
    content: Content,
    version: u64,
    /// `None`: for ever.
    end: Option<Instant>,
}

#[derive(Clone)]
enum Content {
    Lease,
    Tombstone,
    Record(SessionRecord),
}

impl Content {
    fn is_tombstone(&self) -> bool {
        matches!(self, Self::Tombstone)
    }
}

impl FlawedCache {
    pub(crate) fn new(mistake: CacheMistake) -> Self {
        Self {
            mistake,
            entries: Mutex::default(),
            hidden: Mutex::default(),
            version: AtomicU64::new(0),
            turn: tokio::sync::Mutex::default(),
        }
    }

    fn is(&self, mistake: CacheMistake) -> bool {
        self.mistake == mistake
    }

    /// What has not ended.
    fn lock(&self) -> MutexGuard<'_, HashMap<StoredKey, Entry>> {
        let mut entries = self.entries.lock().expect("nobody panics under the lock");
        let now = Instant::now();
        entries.retain(|_, entry| entry.end.is_none_or(|end| end > now));
        if self.is(CacheMistake::InvalidateHides) {
            let mut hidden = self.hidden.lock().expect("nobody panics under the lock");
            hidden.retain(|key, (until, entry)| {
                let over = *until <= now;
                if over {
                    entries.insert(key.clone(), entry.clone());
                }
                !over
            });
        }
        entries
    }

    /// One call after another, but where a mistake is to let others in between.
    async fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match self.mistake {
            CacheMistake::LeaseRaces | CacheMistake::SwapRaces | CacheMistake::InvalidateRaces => {
                None
            }
            _ => Some(self.turn.lock().await),
        }
    }

    /// Gives others the time to come in between.
    async fn pause_if(&self, mistake: CacheMistake) {
        if self.is(mistake) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn kept(&self, key: &StoredKey) -> Result<StoredKey, StoreError> {
        let text = key.expose();
        if self.is(CacheMistake::FailsOnNul) && text.contains('\0') {
            return Err(StoreError::unavailable("invalid byte sequence"));
        }
        Ok(StoredKey::from(match self.mistake {
            CacheMistake::FoldsCase => text.to_lowercase(),
            CacheMistake::TrimsKeys => text.trim_end().to_owned(),
            CacheMistake::CutsKeysAtControls => {
                text.chars().take_while(|char| !char.is_control()).collect()
            }
            _ => text.to_owned(),
        }))
    }

    fn end(&self, lifetime: Duration) -> Option<Instant> {
        const MONTH: Duration = Duration::from_secs(30 * 86_400);
        match self.mistake {
            CacheMistake::NeverEnds => None,
            CacheMistake::ZeroIsForEver if lifetime.is_zero() => None,
            CacheMistake::MonthIsADate if lifetime > MONTH => Some(Instant::now()),
            // Too late for a clock to tell.
            _ => Instant::now().checked_add(lifetime),
        }
    }

    fn put(&self, key: StoredKey, content: Content, lifetime: Duration) -> u64 {
        let version = match content {
            Content::Lease if self.is(CacheMistake::LeasesAlike) => u64::MAX,
            _ => self.version.fetch_add(1, Ordering::Relaxed),
        };
        self.lock().insert(key, Entry { content, version, end: self.end(lifetime) });
        version
    }

    /// What half of a call leaves.
    async fn put_half(&self, key: &StoredKey, mistake: CacheMistake) {
        if self.is(mistake) {
            let record = SessionRecord {
                session_key: key.clone(),
                session_data: SessionData::from_text("half"),
                expire_date: Timestamp::MAX,
            };
            self.put(key.clone(), Content::Record(record), Duration::MAX);
            tokio::task::yield_now().await;
        }
    }

    fn changed(&self, mut record: SessionRecord) -> SessionRecord {
        let bytes = record.session_data.as_bytes();
        let data = match self.mistake {
            CacheMistake::TextOnly => Some(String::from_utf8_lossy(bytes).into_owned()),
            CacheMistake::CutsData => {
                Some(String::from_utf8_lossy(&bytes[..bytes.len().min(65_535)]).into_owned())
            }
            _ => None,
        };
        if let Some(data) = data {
            record.session_data = SessionData::from_text(data);
        }
        if self.is(CacheMistake::ForgetsDates) {
            record.expire_date = Timestamp::MAX;
        }
        record
    }
}

impl SessionCache for FlawedCache {
    async fn get(&self, key: &StoredKey, _now: Timestamp) -> Result<Cached, StoreError> {
        let kept = self.kept(key)?;
        let found = self.lock().get(&kept).cloned();
        Ok(match found {
            None => {
                if self.is(CacheMistake::GetLeases) {
                    self.put(kept, Content::Lease, Duration::MAX);
                }
                Cached::Absent
            }
            Some(Entry { content: Content::Lease, .. }) => Cached::Lease,
            Some(Entry { content: Content::Tombstone, .. }) => Cached::Tombstone,
            Some(Entry { content: Content::Record(record), version, .. }) => {
                let record = SessionRecord { session_key: key.clone(), ..record };
                Cached::Record(record, Version::from_number(version))
            }
        })
    }

    async fn add_lease(
        &self,
        key: &StoredKey,
        lifetime: Duration,
    ) -> Result<Option<Version>, StoreError> {
        let _turn = self.turn().await;
        let key = self.kept(key)?;
        let free = || match self.lock().get(&key) {
            None => true,
            Some(entry) if entry.content.is_tombstone() => {
                self.is(CacheMistake::LeaseTakesTombstones)
            }
            Some(_) => self.is(CacheMistake::LeaseOverwrites),
        };
        let was_free = free();
        self.pause_if(CacheMistake::LeaseRaces).await;
        if !was_free || !(free() || self.is(CacheMistake::LeaseRaces)) {
            return Ok(None);
        }
        self.put_half(&key, CacheMistake::LeaseInHalves).await;
        if self.is(CacheMistake::LeaseIsNotKept) {
            return Ok(Some(Version::from_number(0)));
        }
        Ok(Some(Version::from_number(self.put(key, Content::Lease, lifetime))))
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        lifetime: Duration,
    ) -> Result<bool, StoreError> {
        let _turn = self.turn().await;
        let key = self.kept(&record.session_key)?;
        let found = self.lock().get(&key).cloned();
        let fits = match &found {
            None => self.is(CacheMistake::SwapUpserts),
            Some(entry) if self.is(CacheMistake::SwapFillsLeasesOnly) => {
                matches!(entry.content, Content::Lease)
            }
            Some(_) if self.is(CacheMistake::SwapIgnoresVersion) => true,
            Some(entry) => version.number() == Some(entry.version),
        };
        if !fits {
            return Ok(false);
        }
        self.pause_if(CacheMistake::SwapRaces).await;
        self.put_half(&key, CacheMistake::SwapInHalves).await;
        self.put(key.clone(), Content::Record(self.changed(record)), lifetime);
        if let (true, Some(found)) = (self.is(CacheMistake::SwapKeepsLifetime), found)
            && let Some(entry) = self.lock().get_mut(&key)
        {
            entry.end = found.end;
        }
        Ok(true)
    }

    async fn put_tombstone(&self, key: &StoredKey, lifetime: Duration) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let key = self.kept(key)?;
        if self.is(CacheMistake::TombstoneIsPolite) && self.lock().contains_key(&key) {
            return Ok(());
        }
        self.put_half(&key, CacheMistake::TombstoneInHalves).await;
        self.put(key, Content::Tombstone, lifetime);
        Ok(())
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let key = self.kept(key)?;
        let spared = |entry: &Entry| match entry.content {
            Content::Tombstone => !self.is(CacheMistake::InvalidateTakesTombstones),
            Content::Lease => self.is(CacheMistake::InvalidateForgetsLeases),
            Content::Record(_) => false,
        };
        if self.lock().get(&key).is_none_or(spared) {
            return Ok(());
        }
        self.pause_if(CacheMistake::InvalidateRaces).await;
        self.put_half(&key, CacheMistake::InvalidateInHalves).await;
        let mut entries = self.lock();
        if !self.is(CacheMistake::InvalidateRaces) && entries.get(&key).is_none_or(spared) {
            return Ok(());
        }
        if let (Some(entry), true) = (entries.remove(&key), self.is(CacheMistake::InvalidateHides))
        {
            let until = Instant::now() + Duration::from_millis(30);
            let mut hidden = self.hidden.lock().expect("nobody panics under the lock");
            hidden.insert(key, (until, entry));
        }
        Ok(())
    }
}
