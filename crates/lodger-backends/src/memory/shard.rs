//! A part of the map under a lock of its own.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use lodger_core::{
    Created, Decoded, Loaded, SessionDict, SessionRecord, StoredKey, Timestamp, Version, Write,
};

use crate::obstacle::Obstacle;

/// A record with what the store needs beside it.
struct Held {
    record: SessionRecord,
    fields: SessionDict,
    /// When it was saved last; a touch is no save.
    saved: Timestamp,
    version: u64,
}

impl Held {
    fn loaded(&self) -> Loaded {
        Loaded {
            record: self.record.clone(),
            version: Some(Version::from_number(self.version)),
            decoded: Some(Decoded { dict: self.fields.clone(), stamp: Some(self.saved.as_secs()) }),
        }
    }

    fn is_live(&self, now: Timestamp) -> bool {
        self.record.expire_date > now
    }
}

#[derive(Default)]
pub(super) struct Shard {
    sessions: HashMap<StoredKey, Held>,
}

impl Shard {
    pub(super) fn load(&self, key: &StoredKey, now: Timestamp) -> Option<Loaded> {
        self.sessions.get(key).filter(|held| held.is_live(now)).map(Held::loaded)
    }

    pub(super) fn contains(&self, key: &StoredKey) -> bool {
        self.sessions.contains_key(key)
    }

    pub(super) fn create(
        &mut self,
        record: SessionRecord,
        fields: SessionDict,
        saved: Timestamp,
        version: u64,
    ) -> Created {
        match self.sessions.entry(record.session_key.clone()) {
            Entry::Occupied(_) => Created::Taken,
            Entry::Vacant(place) => {
                place.insert(Held { record, fields, saved, version });
                Created::Created(Some(Version::from_number(version)))
            }
        }
    }

    /// Whether the live record of this version is here.
    pub(super) fn check(
        &self,
        key: &StoredKey,
        stated: &Version,
        now: Timestamp,
    ) -> Result<(), Obstacle> {
        match self.sessions.get(key).filter(|held| held.is_live(now)) {
            None => Err(Obstacle::Gone),
            Some(held) if Some(held.version) != stated.number() => {
                Err(Obstacle::Moved(held.loaded()))
            }
            Some(_) => Ok(()),
        }
    }

    pub(super) fn replace(
        &mut self,
        key: &StoredKey,
        write: Write,
        saved: Timestamp,
        version: u64,
    ) {
        let Write { session_data, expire_date, fields } = write;
        let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
        self.sessions.insert(key.clone(), Held { record, fields, saved, version });
    }

    pub(super) fn touch(&mut self, key: &StoredKey, expire_date: Timestamp, version: u64) {
        if let Some(held) = self.sessions.get_mut(key) {
            held.record.expire_date = expire_date;
            held.version = version;
        }
    }

    pub(super) fn remove(&mut self, key: &StoredKey) -> bool {
        self.sessions.remove(key).is_some()
    }

    /// Removes up to `limit` records that ended before `now`; how many there were.
    pub(super) fn sweep(&mut self, now: Timestamp, limit: u64) -> u64 {
        let mut deleted = 0;
        self.sessions.retain(|_, held| {
            let stays = deleted == limit || held.record.expire_date >= now;
            deleted += u64::from(!stays);
            stays
        });
        deleted
    }
}
