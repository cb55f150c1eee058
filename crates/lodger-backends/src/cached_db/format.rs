//! What a copy of a row holds.

use std::sync::Arc;

use lodger_core::{
    Context, Decoded, Loaded, SessionCodec, SessionRecord, StoredKey, Timestamp, Version,
};

/// What copies hold, and how they become what was loaded.
#[derive(Clone)]
pub(super) enum Format {
    /// The row's own data, which are the database's version too.
    Row,
    /// The decoded data by another codec, as Django keeps them. They do not say which row they came
    /// from.
    Decoded(Arc<dyn SessionCodec>),
}

impl Format {
    /// Whether a Django finds copies in it.
    pub(super) fn is_django(&self) -> bool {
        matches!(self, Self::Decoded(_))
    }

    /// The copy of a row; `None` if it cannot be made.
    pub(super) fn copy(
        &self,
        row: &Loaded,
        rows: &dyn SessionCodec,
        now: Timestamp,
    ) -> Option<SessionRecord> {
        let record = row.record.clone();
        let Self::Decoded(codec) = self else { return Some(record) };
        let decoded = decode(rows, &record, now)?;
        let session_data = codec.encode(&decoded.dict, &context(&record.session_key, now)).ok()?;
        Some(SessionRecord { session_data, ..record })
    }

    /// What a copy stands for; `None` if it has expired or cannot be decoded.
    pub(super) fn loaded(
        &self,
        copy: SessionRecord,
        version: Version,
        rows: &dyn SessionCodec,
        now: Timestamp,
    ) -> Option<Loaded> {
        if copy.expire_date <= now {
            return None;
        }
        let (codec, version) = match self {
            Self::Row => {
                let row = Version::from_data(copy.session_data.clone());
                (rows, Some(Version::from_pair(row, version)))
            }
            Self::Decoded(codec) => (&**codec, None),
        };
        let decoded = decode(codec, &copy, now)?;
        Some(Loaded { record: copy, version, decoded: Some(decoded) })
    }
}

fn decode(codec: &dyn SessionCodec, record: &SessionRecord, now: Timestamp) -> Option<Decoded> {
    codec.inspect(&record.session_data, &context(&record.session_key, now)).ok()
}

fn context(stored_key: &StoredKey, now: Timestamp) -> Context<'_> {
    Context { stored_key, now, loaded_stamp: None }
}

/// What the database compares, and what the cache, of a version that this store gave.
pub(super) fn parts(version: &Version) -> (&Version, Option<&Version>) {
    version.pair().map_or((version, None), |(row, copy)| (row, Some(copy)))
}
