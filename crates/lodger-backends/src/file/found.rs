//! What is in a session's file.

use std::io::{self, Read};

use lodger_core::{Decoded, Loaded, SessionData, SessionRecord, StoredKey, Timestamp, Version};

use super::folder::Opened;

/// What is in a session's file, and what follows from it.
pub(super) struct Found {
    pub(super) session_data: SessionData,
    /// `None`: the data cannot be decoded.
    pub(super) decoded: Option<Decoded>,
    pub(super) expire_date: Timestamp,
}

impl Found {
    pub(super) fn is_live(&self, now: Timestamp) -> bool {
        self.expire_date > now
    }

    pub(super) fn loaded(self, key: &StoredKey) -> Loaded {
        let Self { session_data, decoded, expire_date } = self;
        Loaded {
            version: Some(Version::from_data(session_data.clone())),
            record: SessionRecord { session_key: key.clone(), session_data, expire_date },
            decoded,
        }
    }
}

/// The bytes of a file, of which no more than one over the bound are read: data so large are refused
/// by whoever decodes them.
pub(super) fn read(opened: &Opened, largest: usize) -> io::Result<SessionData> {
    let bound = u64::try_from(largest).unwrap_or(u64::MAX).saturating_add(1);
    let size = usize::try_from(opened.metadata.len().min(bound)).unwrap_or(largest);
    let mut bytes = Vec::with_capacity(size);
    (&opened.file).take(bound).read_to_end(&mut bytes)?;
    Ok(match String::from_utf8(bytes) {
        Ok(text) => SessionData::from_text(text),
        Err(error) => SessionData::from_bytes(error.into_bytes()),
    })
}
