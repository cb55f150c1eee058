//! What the store asks of its cache and its table, and what it is answered.

use std::hash::{DefaultHasher, Hash, Hasher};

use lodger_core::{
    Cached, Cycled, Loaded, SessionRecord, StoreError, StoredKey, Swapped, Timestamp, Touched,
    Version, Write,
};

/// One step.
#[derive(Clone)]
pub(super) enum Call {
    Get(StoredKey),
    AddLease(StoredKey),
    Put(Version, SessionRecord),
    Bury(StoredKey),
    Invalidate(StoredKey),
    Load(StoredKey),
    IsLive(StoredKey),
    Swap(StoredKey, Version, Write),
    Touch(StoredKey, Version, Timestamp),
    Cycle(StoredKey, Version, StoredKey, Write),
    Delete(StoredKey),
}

impl Call {
    /// Whether the cache is asked, which may fail without harm.
    pub(super) const fn is_to_the_cache(&self) -> bool {
        matches!(
            self,
            Self::Get(_) | Self::AddLease(_) | Self::Put(..) | Self::Bury(_) | Self::Invalidate(_)
        )
    }

    /// Whether the cache is to take something in, which it cannot while it is full.
    pub(super) const fn fills_the_cache(&self) -> bool {
        matches!(self, Self::AddLease(_) | Self::Put(..) | Self::Bury(_))
    }

    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Get(_) => "cache get",
            Self::AddLease(_) => "cache add lease",
            Self::Put(..) => "cache swap",
            Self::Bury(_) => "cache put tombstone",
            Self::Invalidate(_) => "cache invalidate",
            Self::Load(_) => "row load",
            Self::IsLive(_) => "row is live",
            Self::Swap(..) => "row swap",
            Self::Touch(..) => "row touch",
            Self::Cycle(..) => "row cycle",
            Self::Delete(_) => "row delete",
        }
    }
}

pub(super) enum Answer {
    Cached(Cached),
    Lease(Option<Version>),
    Done(bool),
    Loaded(Option<Loaded>),
    Swapped(Swapped),
    Touched(Touched),
    Cycled(Cycled),
    Failed(StoreError),
}

impl Answer {
    /// Stands for what the client has learned.
    pub(super) fn digest(&self) -> u64 {
        let row = |loaded: &Loaded| record(&loaded.record);
        match self {
            Self::Cached(Cached::Absent) => digest(0),
            Self::Cached(Cached::Lease) => digest(1),
            Self::Cached(Cached::Tombstone) => digest(2),
            Self::Cached(Cached::Record(copy, version)) => digest((record(copy), version.number())),
            Self::Lease(version) => digest(version.as_ref().map(Version::number)),
            Self::Done(done) => digest(done),
            Self::Loaded(loaded) => digest(loaded.as_ref().map(row)),
            Self::Swapped(Swapped::Moved(loaded))
            | Self::Touched(Touched::Moved(loaded))
            | Self::Cycled(Cycled::Moved(loaded)) => digest(row(loaded)),
            Self::Swapped(Swapped::Gone)
            | Self::Touched(Touched::Gone)
            | Self::Cycled(Cycled::Gone) => digest(3),
            Self::Swapped(Swapped::Swapped(_))
            | Self::Touched(Touched::Touched(_))
            | Self::Cycled(Cycled::Cycled(_)) => digest(4),
            Self::Failed(_) => digest(5),
            Self::Cycled(Cycled::Taken) => digest(6),
        }
    }
}

/// Stands for a record.
fn record(record: &SessionRecord) -> u64 {
    digest((record.session_data.as_bytes(), record.expire_date.as_micros()))
}

/// A number that stands for something.
pub(super) fn digest(what: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    what.hash(&mut hasher);
    hasher.finish()
}
