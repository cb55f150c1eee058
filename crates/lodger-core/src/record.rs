//! The row: what a store holds, and what it compares.

use std::fmt;
use std::sync::Arc;

use crate::{SessionDict, StoredKey, Timestamp};

/// The encoded form of a session's data: text in SQL, files and cookies, bytes in a Django cache.
///
/// Cheap to clone. `Debug` shows the length only, since the data are the visitor's.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionData(Form);

#[derive(Clone, PartialEq, Eq)]
enum Form {
    Text(Arc<str>),
    Bytes(Arc<[u8]>),
}

impl SessionData {
    /// Data in a textual format.
    #[must_use]
    pub fn from_text(text: impl Into<Arc<str>>) -> Self {
        Self(Form::Text(text.into()))
    }

    /// Data in a binary format.
    #[must_use]
    pub fn from_bytes(bytes: impl Into<Arc<[u8]>>) -> Self {
        Self(Form::Bytes(bytes.into()))
    }

    /// The text; `None` for data that are no UTF-8 text.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match &self.0 {
            Form::Text(text) => Some(text),
            Form::Bytes(bytes) => std::str::from_utf8(bytes).ok(),
        }
    }

    /// The bytes, those of the text in a textual format.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Form::Text(text) => text.as_bytes(),
            Form::Bytes(bytes) => bytes,
        }
    }
}

impl fmt::Debug for SessionData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SessionData({} bytes)", self.as_bytes().len())
    }
}

/// One session as every store keeps it.
///
/// # Django
///
/// A row of `django_session`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRecord {
    /// The name it is kept under.
    pub session_key: StoredKey,
    /// The encoded data.
    pub session_data: SessionData,
    /// The instant from which on the session is no more.
    pub expire_date: Timestamp,
}

/// What a store compares when it swaps; only the store that gave it can read it.
#[derive(Clone, PartialEq, Eq)]
pub struct Version(Mark);

#[derive(Clone, PartialEq, Eq)]
enum Mark {
    Data(SessionData),
    Number(u64),
}

impl Version {
    /// The stored data are their own version.
    #[must_use]
    pub const fn from_data(data: SessionData) -> Self {
        Self(Mark::Data(data))
    }

    /// A number that changes with every write.
    #[must_use]
    pub const fn from_number(number: u64) -> Self {
        Self(Mark::Number(number))
    }

    /// The data, in a version made of data.
    #[must_use]
    pub const fn data(&self) -> Option<&SessionData> {
        match &self.0 {
            Mark::Data(data) => Some(data),
            Mark::Number(_) => None,
        }
    }

    /// The number, in a version made of a number.
    #[must_use]
    pub const fn number(&self) -> Option<u64> {
        match self.0 {
            Mark::Data(_) => None,
            Mark::Number(number) => Some(number),
        }
    }
}

impl fmt::Debug for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Version(opaque)")
    }
}

/// A live session as a store found it.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The row.
    pub record: SessionRecord,
    /// What the next write to it must state; `None`: load again before the next write.
    pub version: Option<Version>,
    /// The decoded data, when the store had to decode them anyway.
    pub fields: Option<SessionDict>,
}

/// What a swap or cycle puts in the place of what is stored.
#[derive(Clone, Debug)]
pub struct Write {
    /// The encoded data.
    pub session_data: SessionData,
    /// The instant from which on the session is no more.
    pub expire_date: Timestamp,
    /// The same data decoded, for stores that fill further columns from them.
    pub fields: SessionDict,
}
