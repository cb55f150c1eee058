//! A small sound store, and what becomes of it with one mistake.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use lodger_core::{
    Created, Cursor, Cycled, Decoded, Loaded, SessionData, SessionDict, SessionRecord,
    SessionStore, StoreError, StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

use crate::mistake::Mistake;

pub(crate) struct FlawedStore {
    mistake: Mistake,
    records: Mutex<HashMap<StoredKey, (SessionRecord, SessionDict)>>,
    turn: tokio::sync::Mutex<()>,
}

/// What stands in the way of a write that states a version.
enum Obstacle {
    Moved(Loaded),
    Gone,
}

impl FlawedStore {
    pub(crate) fn new(mistake: Mistake) -> Self {
        Self { mistake, records: Mutex::default(), turn: tokio::sync::Mutex::default() }
    }

    fn is(&self, mistake: Mistake) -> bool {
        self.mistake == mistake
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<StoredKey, (SessionRecord, SessionDict)>> {
        self.records.lock().expect("nobody panics under the lock")
    }

    /// One write after another, but where a mistake is to let others in between.
    async fn turn(&self) -> Option<tokio::sync::MutexGuard<'_, ()>> {
        match self.mistake {
            Mistake::CreateRaces
            | Mistake::SwapRaces
            | Mistake::TouchRaces
            | Mistake::CycleRaces
            | Mistake::SweepRaces => None,
            _ => Some(self.turn.lock().await),
        }
    }

    /// Gives others the time to come in between.
    async fn pause_if(&self, mistake: Mistake) {
        if self.is(mistake) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    fn kept(&self, key: &StoredKey) -> StoredKey {
        let text = key.expose();
        let cut = |longest| text.chars().take(longest).collect();
        StoredKey::from(match self.mistake {
            Mistake::FoldsCase => text.to_lowercase(),
            Mistake::TrimsKeys => text.trim_end().to_owned(),
            Mistake::CutsKeysAt39 => cut(39),
            Mistake::CutsKeysAt40 => cut(40),
            _ => text.to_owned(),
        })
    }

    fn version(&self, data: &SessionData) -> Version {
        match data.as_text() {
            Some(text) if self.is(Mistake::FoldsVersions) => {
                Version::from_data(SessionData::from_text(text.to_lowercase().trim_end()))
            }
            _ => Version::from_data(data.clone()),
        }
    }

    fn loaded(&self, asked: &StoredKey, held: &(SessionRecord, SessionDict)) -> Loaded {
        let (record, fields) = held.clone();
        let version = Some(self.version(&record.session_data));
        let record = SessionRecord { session_key: asked.clone(), ..record };
        Loaded { record, version, decoded: Some(Decoded { dict: fields, stamp: None }) }
    }

    fn put(&self, key: &StoredKey, data: SessionData, end: Timestamp, fields: SessionDict) {
        let text = data.as_text().unwrap_or_default();
        let session_data = match self.mistake {
            Mistake::TrimsData => SessionData::from_text(text.trim_end()),
            Mistake::CutsData => SessionData::from_text(&text[..text.len().min(65_535)]),
            _ => data,
        };
        let secs = end.as_secs();
        let expire_date = match self.mistake {
            Mistake::RoundsEnds => Timestamp::from_secs(secs),
            Mistake::EndsIn32Bits if secs > i64::from(i32::MAX) => {
                Timestamp::from_secs(i32::MAX.into())
            }
            _ => end,
        };
        let key = self.kept(key);
        let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
        self.lock().insert(key, (record, fields));
    }

    fn check(&self, key: &StoredKey, version: &Version, now: Timestamp) -> Result<(), Obstacle> {
        let records = self.lock();
        let held = records.get(&self.kept(key));
        let live = held
            .filter(|held| self.is(Mistake::WritesExpired) || held.0.expire_date > now)
            .ok_or(Obstacle::Gone)?;
        let loaded = self.loaded(key, live);
        let ignored = matches!(
            (self.mistake, loaded.version == Some(version.clone())),
            (_, true) | (Mistake::TouchIgnoresVersion | Mistake::CycleIgnoresVersion, _)
        );
        if ignored { Ok(()) } else { Err(Obstacle::Moved(loaded)) }
    }

    fn refused(&self, key: &StoredKey) -> Result<(), StoreError> {
        if self.is(Mistake::FailsOnNul) && key.expose().contains('\0') {
            return Err(StoreError::unavailable("invalid byte sequence"));
        }
        Ok(())
    }
}

impl SessionStore for FlawedStore {
    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.refused(key)?;
        let kept = self.kept(key);
        if self.is(Mistake::LoadCreates) && !self.lock().contains_key(&kept) {
            self.put(key, SessionData::from_text(""), now, SessionDict::new());
        }
        let live = |end: Timestamp| match self.mistake {
            Mistake::ServesExpired => true,
            Mistake::ServesAtItsEnd => end >= now,
            _ => end > now,
        };
        let mut records = self.lock();
        let loaded = records
            .get(&kept)
            .filter(|held| live(held.0.expire_date))
            .map(|held| self.loaded(key, held));
        if self.is(Mistake::LoadDeletesExpired) && loaded.is_none() {
            records.remove(&kept);
        }
        Ok(loaded)
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let _turn = self.turn().await;
        let SessionRecord { session_key: key, session_data, mut expire_date } = record;
        let taken = self.lock().contains_key(&self.kept(&key));
        self.pause_if(Mistake::CreateRaces).await;
        match self.mistake {
            Mistake::CreateUpserts => {}
            Mistake::CreateRaces if !taken => {}
            Mistake::CreateLies if taken => {}
            _ if self.lock().contains_key(&self.kept(&key)) => return Ok(Created::Taken),
            Mistake::CreateKeepsHour => expire_date = expire_date + lodger_core::Span::from_secs(1),
            Mistake::CreateInHalves => {
                self.put(&key, session_data.clone(), Timestamp::MAX, fields.clone());
                tokio::task::yield_now().await;
            }
            _ => {}
        }
        let _ = now;
        self.put(&key, session_data.clone(), expire_date, fields);
        if self.is(Mistake::CreateLies) && taken {
            return Ok(Created::Taken);
        }
        Ok(Created::Created(Some(self.version(&session_data))))
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let _turn = self.turn().await;
        let Write { session_data, mut expire_date, fields } = write;
        self.refused(key)?;
        if !self.is(Mistake::SwapUpserts) {
            match self.check(key, version, now) {
                Err(Obstacle::Moved(loaded)) => return Ok(Swapped::Moved(loaded)),
                Err(Obstacle::Gone) => return Ok(Swapped::Gone),
                Ok(()) => {}
            }
        }
        self.pause_if(Mistake::SwapRaces).await;
        let new = self.version(&session_data);
        if self.is(Mistake::SwapInHalves) {
            let end = self.lock()[key].0.expire_date;
            self.put(key, session_data.clone(), end, fields.clone());
            tokio::task::yield_now().await;
        }
        if self.is(Mistake::SwapKeepsEnd) {
            expire_date = self.lock()[key].0.expire_date;
        }
        self.put(key, session_data, expire_date, fields);
        Ok(Swapped::Swapped(Some(new)))
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let _turn = self.turn().await;
        self.refused(key)?;
        match self.check(key, version, now) {
            Err(Obstacle::Moved(loaded)) => return Ok(Touched::Moved(loaded)),
            Err(Obstacle::Gone) if self.is(Mistake::TouchUpserts) => {
                self.put(key, SessionData::from_text(""), expire_date, SessionDict::new());
            }
            Err(Obstacle::Gone) => return Ok(Touched::Gone),
            Ok(()) => {}
        }
        let (record, fields) = self.lock()[&self.kept(key)].clone();
        self.pause_if(Mistake::TouchRaces).await;
        let data = match self.mistake {
            Mistake::TouchDropsData => SessionData::from_text(""),
            _ => record.session_data,
        };
        self.put(key, data.clone(), expire_date, fields);
        Ok(Touched::Touched(Some(self.version(&data))))
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        let _turn = self.turn().await;
        self.refused(old)?;
        match self.check(old, version, now) {
            Err(Obstacle::Moved(loaded)) => return Ok(Cycled::Moved(loaded)),
            Err(Obstacle::Gone) if self.is(Mistake::CycleResurrects) => {}
            Err(Obstacle::Gone) => return Ok(Cycled::Gone),
            Ok(()) => {}
        }
        let overwrites = self.is(Mistake::CycleOverwrites);
        if !overwrites && self.lock().contains_key(&self.kept(new)) {
            return Ok(Cycled::Taken);
        }
        self.pause_if(Mistake::CycleRaces).await;
        if !self.is(Mistake::CycleKeepsOld) {
            self.lock().remove(&self.kept(old));
        }
        if self.is(Mistake::CycleInHalves) {
            tokio::task::yield_now().await;
        }
        let Write { session_data, expire_date, fields } = write;
        let version = self.version(&session_data);
        self.put(new, session_data, expire_date, fields);
        Ok(Cycled::Cycled(Some(version)))
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let _turn = self.turn().await;
        self.refused(key)?;
        let kept = self.kept(key);
        if self.is(Mistake::DeleteInHalves) {
            if let Some(held) = self.lock().get_mut(&kept) {
                held.0.session_data = SessionData::from_text("");
            }
            tokio::task::yield_now().await;
        }
        let mut records = self.lock();
        match self.mistake {
            Mistake::DeleteForgets => return Ok(records.contains_key(&kept)),
            Mistake::DeleteHides => {
                let held = records.get_mut(&kept);
                return Ok(held.map(|held| held.0.expire_date = Timestamp::MIN).is_some());
            }
            _ => {}
        }
        match records.remove(&kept) {
            None if self.is(Mistake::DeleteOfNothingFails) => {
                Err(StoreError::unavailable("no such record"))
            }
            removed => Ok(removed.is_some()),
        }
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        let _turn = self.turn().await;
        let _ = cursor;
        let ended = |end: Timestamp| end < now || end == now && self.is(Mistake::SweepsAtTheEnd);
        let limit = if self.is(Mistake::SweepIgnoresLimit) { u64::MAX } else { limit };
        let keys: Vec<StoredKey> = {
            let records = self.lock();
            let keys = records.iter().filter(|(_, held)| ended(held.0.expire_date));
            keys.map(|(key, _)| key.clone())
                .take(usize::try_from(limit).unwrap_or(usize::MAX))
                .collect()
        };
        self.pause_if(Mistake::SweepRaces).await;
        let mut deleted = 0;
        for key in keys {
            let mut records = self.lock();
            let still = |held: &(SessionRecord, SessionDict)| ended(held.0.expire_date);
            if self.is(Mistake::SweepRaces) || records.get(&key).is_some_and(still) {
                deleted += u64::from(records.remove(&key).is_some());
            }
        }
        let more = deleted == limit && !self.is(Mistake::SweepStopsEarly);
        let next = (more || self.is(Mistake::SweepNeverEnds)).then(|| Cursor::new("next"));
        Ok(Swept { deleted, next })
    }
}
