//! The cache and the table.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use lodger_core::{
    Cached, Cycled, Loaded, SessionData, SessionRecord, StoredKey, Swapped, Timestamp, Touched,
    Version, Write,
};

use super::call::{Answer, Call};
use super::defect::Defect;

/// What the cache holds under a key.
#[derive(Clone)]
enum Entry {
    Lease,
    Tombstone,
    Copy(SessionRecord),
}

/// What is stored, and what the cache holds.
#[derive(Clone, Default)]
pub(super) struct World {
    pub(super) defect: Defect,
    entries: BTreeMap<String, (u64, Entry)>,
    rows: BTreeMap<String, SessionRecord>,
    /// All data that ever were in a row.
    stored: BTreeSet<String>,
    /// The last version of an entry.
    version: u64,
}

impl World {
    pub(super) fn with_rows(defect: Defect, records: [SessionRecord; 2]) -> Self {
        let stored = records.iter().map(|record| tags(&record.session_data).to_owned()).collect();
        let rows = records.map(|record| (name(&record.session_key), record)).into();
        Self { defect, rows, stored, ..Self::default() }
    }

    pub(super) fn row(&self, key: &StoredKey) -> Option<&SessionRecord> {
        self.rows.get(key.expose())
    }

    /// Whether data ever were in a row.
    pub(super) fn stored(&self, tags: &str) -> bool {
        self.stored.contains(tags)
    }

    /// The keys of entries, which may end at any time.
    pub(super) fn entries(&self) -> Vec<String> {
        self.entries.keys().cloned().collect()
    }

    pub(super) fn expire(&mut self, entry: &str) {
        self.entries.remove(entry);
    }

    /// Answers a call.
    pub(super) fn answer(&mut self, call: Call) -> Answer {
        match call {
            Call::Get(key) => Answer::Cached(self.get(&key)),
            Call::AddLease(key) => Answer::Lease(self.add_lease(&key)),
            Call::Put(version, record) => Answer::Done(self.put(&version, record)),
            Call::Bury(key) => {
                self.bury(&key);
                Answer::Done(true)
            }
            Call::Invalidate(key) => {
                self.invalidate(&key);
                Answer::Done(true)
            }
            Call::Load(key) => Answer::Loaded(self.row(&key).map(loaded)),
            Call::IsLive(key) => {
                Answer::Done(self.defect == Defect::NoVerification || self.row(&key).is_some())
            }
            Call::Swap(key, version, write) => Answer::Swapped(self.swap(key, &version, write)),
            Call::Touch(key, version, date) => Answer::Touched(self.touch(&key, &version, date)),
            Call::Cycle(old, version, new, write) => {
                Answer::Cycled(self.cycle(&old, &version, new, write))
            }
            Call::Delete(key) => Answer::Done(self.rows.remove(key.expose()).is_some()),
        }
    }

    fn get(&self, key: &StoredKey) -> Cached {
        match self.entries.get(key.expose()) {
            None => Cached::Absent,
            Some((_, Entry::Lease)) => Cached::Lease,
            Some((_, Entry::Tombstone)) => Cached::Tombstone,
            Some((version, Entry::Copy(record))) => {
                Cached::Record(record.clone(), Version::from_number(*version))
            }
        }
    }

    fn enter(&mut self, key: &StoredKey, entry: Entry) -> u64 {
        self.version += 1;
        self.entries.insert(name(key), (self.version, entry));
        self.version
    }

    fn add_lease(&mut self, key: &StoredKey) -> Option<Version> {
        let free = match self.entries.get(key.expose()) {
            None => true,
            Some((_, Entry::Tombstone)) => self.defect == Defect::TombstoneYieldsToALease,
            Some(_) => false,
        };
        free.then(|| Version::from_number(self.enter(key, Entry::Lease)))
    }

    fn put(&mut self, version: &Version, record: SessionRecord) -> bool {
        let held = self.entries.get(record.session_key.expose());
        let stands = match held {
            Some((held, _)) if Some(*held) == version.number() => true,
            _ => match self.defect {
                Defect::FillWithoutLease => !matches!(held, Some((_, Entry::Copy(_)))),
                Defect::RenewWithoutVersion => matches!(held, Some((_, Entry::Copy(_)))),
                _ => false,
            },
        };
        if stands {
            self.enter(&record.session_key.clone(), Entry::Copy(record));
        }
        stands
    }

    fn bury(&mut self, key: &StoredKey) {
        let is_lease = matches!(self.entries.get(key.expose()), Some((_, Entry::Lease)));
        let forgotten = match self.defect {
            Defect::DeletionForgetsTheCache => true,
            Defect::TombstoneOnlyBefore => self.row(key).is_none(),
            Defect::TombstoneYieldsToALease => is_lease,
            _ => false,
        };
        if !forgotten {
            self.enter(key, Entry::Tombstone);
        }
    }

    fn invalidate(&mut self, key: &StoredKey) {
        let stays = match self.entries.get(key.expose()) {
            Some((_, Entry::Tombstone)) => true,
            Some((_, Entry::Lease)) => self.defect == Defect::WriteLeavesLeases,
            _ => self.defect == Defect::WriteForgetsTheCopy,
        };
        if !stays {
            self.entries.remove(key.expose());
        }
    }

    /// The row under a key if it has this version, or what stands in the way.
    fn found(&self, key: &StoredKey, version: &Version) -> Result<(), Option<Loaded>> {
        match self.row(key) {
            None if self.defect == Defect::Upsert => Ok(()),
            None => Err(None),
            Some(row) if Some(&row.session_data) == version.data() => Ok(()),
            Some(_) if self.defect == Defect::BlindSwap => Ok(()),
            Some(row) => Err(Some(loaded(row))),
        }
    }

    fn store(&mut self, session_key: StoredKey, write: Write) -> Version {
        let Write { session_data, expire_date, .. } = write;
        let version = Version::from_data(session_data.clone());
        self.stored.insert(tags(&session_data).to_owned());
        self.rows
            .insert(name(&session_key), SessionRecord { session_key, session_data, expire_date });
        version
    }

    fn swap(&mut self, key: StoredKey, version: &Version, write: Write) -> Swapped {
        match self.found(&key, version) {
            Ok(()) => {
                let name = name(&key);
                let version = self.store(key, write);
                if self.defect == Defect::SwapRemoves {
                    self.rows.remove(&name);
                }
                Swapped::Swapped(Some(version))
            }
            Err(Some(loaded)) => {
                if self.defect == Defect::CopyOfTheUnwritten {
                    let Write { session_data, expire_date, .. } = write;
                    let record = SessionRecord { session_key: key, session_data, expire_date };
                    self.enter(&record.session_key.clone(), Entry::Copy(record));
                }
                Swapped::Moved(loaded)
            }
            Err(None) => Swapped::Gone,
        }
    }

    fn touch(&mut self, key: &StoredKey, version: &Version, expire_date: Timestamp) -> Touched {
        match (self.found(key, version), self.rows.get_mut(key.expose())) {
            (Ok(()), Some(row)) => {
                row.expire_date = expire_date;
                Touched::Touched(Some(version.clone()))
            }
            (Err(Some(loaded)), _) => Touched::Moved(loaded),
            _ => Touched::Gone,
        }
    }

    fn cycle(
        &mut self,
        old: &StoredKey,
        version: &Version,
        new: StoredKey,
        write: Write,
    ) -> Cycled {
        let taken = self.row(&new).is_some() && self.defect != Defect::CycleTakesAnothersKey;
        match self.found(old, version) {
            Ok(()) if taken => Cycled::Taken,
            Ok(()) => {
                if self.defect != Defect::CycleLeavesTheOldRow {
                    self.rows.remove(old.expose());
                }
                Cycled::Cycled(Some(self.store(new, write)))
            }
            Err(Some(loaded)) => Cycled::Moved(loaded),
            Err(None) => Cycled::Gone,
        }
    }
}

impl Hash for World {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        (self.version, &self.stored).hash(hasher);
        for (key, row) in &self.rows {
            (key, row.session_data.as_bytes(), row.expire_date.as_micros()).hash(hasher);
        }
        for (key, (version, entry)) in &self.entries {
            (key, version).hash(hasher);
            match entry {
                Entry::Lease => 0.hash(hasher),
                Entry::Tombstone => 1.hash(hasher),
                Entry::Copy(copy) => {
                    (copy.session_data.as_bytes(), copy.expire_date.as_micros()).hash(hasher);
                }
            }
        }
    }
}

fn name(key: &StoredKey) -> String {
    key.expose().to_owned()
}

fn loaded(row: &SessionRecord) -> Loaded {
    let version = Version::from_data(row.session_data.clone());
    Loaded { record: row.clone(), version: Some(version), decoded: None }
}

/// The tags that were saved, in their order.
pub(super) fn tags(data: &SessionData) -> &str {
    data.as_text().expect("all data are texts")
}
