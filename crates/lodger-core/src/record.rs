//! The row: what a store holds, and what it compares.

use std::fmt;
use std::sync::Arc;

use crate::{Decoded, SessionDict, StoredKey, Timestamp};

/// The encoded form of a session's data: text in SQL, files and cookies, bytes in a Django cache.
///
/// Cheap to clone. Equal data have the same bytes, whether or not they are known to be text. `Debug`
/// shows the length only, since the data are the visitor's.
#[derive(Clone)]
pub struct SessionData(Form);

#[derive(Clone)]
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

impl PartialEq for SessionData {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for SessionData {}

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
    Pair(Arc<(Version, Version)>),
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

    /// For a store over two others: what each of them compares.
    #[must_use]
    pub fn from_pair(first: Self, second: Self) -> Self {
        Self(Mark::Pair(Arc::new((first, second))))
    }

    /// The data, in a version made of data.
    #[must_use]
    pub const fn data(&self) -> Option<&SessionData> {
        match &self.0 {
            Mark::Data(data) => Some(data),
            _ => None,
        }
    }

    /// The number, in a version made of a number.
    #[must_use]
    pub const fn number(&self) -> Option<u64> {
        match self.0 {
            Mark::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The two parts, in a version made of a pair.
    #[must_use]
    pub fn pair(&self) -> Option<(&Self, &Self)> {
        match &self.0 {
            Mark::Pair(pair) => Some((&pair.0, &pair.1)),
            _ => None,
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
    /// What the next write to it must state; `None`: before the next write it has to be asked for, by
    /// [`load_for_write`](crate::SessionStore::load_for_write).
    pub version: Option<Version>,
    /// The decoded data, when the store had to decode them anyway.
    pub decoded: Option<Decoded>,
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
