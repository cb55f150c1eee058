//! The store.

use std::sync::Arc;
use std::time::Duration;

use lodger_core::{
    Clock, Created, Cursor, Cycled, Loaded, SessionData, SessionDict, SessionRecord, SessionStore,
    StoreError, StoredKey, Swapped, Swept, SystemClock, Timestamp, Touched, Version, Write,
};

use super::address::parse;
use super::client::{Client, Removed, Written, takes};
use super::command::Put;
use super::connection::Item;
use super::exptime;
use super::failure::unnameable;
use super::mark::{Mark, Stated};
use crate::cache_layout::{CacheLayout, Entry};
use crate::patience::bounded;
use crate::settling::Settling;

/// How many connections to a server there are at most, unless another number is given.
const CONNECTIONS: usize = 8;
/// What tells Django's clients that a value is a pickle.
const PICKLE: u32 = 1;

/// Sessions in memcached. Clones share the connections.
///
/// Connections are made when they are needed: a server that is down when the program starts is used as
/// soon as it is there. A connection whose call was dropped, took too long or failed is closed.
///
/// # Cancel safety
///
/// Every call may be dropped. A change of key goes on in a task of its own, so all calls must be made
/// on a tokio runtime.
///
/// # Security
///
/// Names hold the keys as they are, and nothing is encrypted: who reaches the server can take over
/// every live session.
///
/// # Django
///
/// The engine `cache` on `PyMemcacheCache`, with the layout [`CacheLayout::django`].
///
/// ```
/// use lodger_backends::cache_layout::CacheLayout;
/// use lodger_backends::memcached::MemcachedStore;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let store = MemcachedStore::connect("memcached://10.0.0.1:11211,10.0.0.2:11211/")?;
/// let shared = MemcachedStore::connect("memcached://localhost/")?
///     .with_layout(CacheLayout::django().with_prefix("site1"))
///     .with_connections(32);
/// # let _ = (store, shared);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct MemcachedStore {
    pub(super) client: Client,
    pub(super) layout: CacheLayout,
    /// The changes of key that are under way.
    pub(super) settling: Arc<Settling>,
}

impl MemcachedStore {
    /// With the servers of a URL `memcached://host:port,host:port/`; a missing port is 11211.
    ///
    /// Several processes that share sessions must name the servers alike, though in any order, since
    /// the names decide which server keeps a key.
    ///
    /// # Errors
    ///
    /// When the URL is none, which the error does not show; the servers are not asked yet.
    pub fn connect(url: &str) -> Result<Self, StoreError> {
        Ok(Self {
            client: Client::new(parse(url)?, CONNECTIONS),
            layout: CacheLayout::lodger(),
            settling: Arc::default(),
        })
    }

    /// In another layout than [`CacheLayout::lodger`].
    #[must_use]
    pub fn with_layout(self, layout: CacheLayout) -> Self {
        Self { layout, ..self }
    }

    /// With at most so many connections to each server; default 8, at least one.
    ///
    /// A call that finds all of them in use waits for one.
    #[must_use]
    pub fn with_connections(self, connections: usize) -> Self {
        Self { client: self.client.with_connections(connections), ..self }
    }

    /// With servers that take items of so many bytes, their option `-I`; default 1 MiB, as theirs.
    ///
    /// A larger value is neither sent nor read: the call fails. It is the bound of the memory that a
    /// call takes. memcached itself, where it has less room than it is said to have, deletes the old
    /// session when it refuses the new data.
    #[must_use]
    pub fn with_largest_item(mut self, bytes: usize) -> Self {
        self.client.largest_item = bytes;
        self
    }

    /// With so much time for each round trip, waiting for a connection and making one included;
    /// default 2 s.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.client.deadline = bounded(deadline);
        self
    }

    /// How sessions lie there.
    #[must_use]
    pub fn layout(&self) -> &CacheLayout {
        &self.layout
    }

    /// The name of a session; `None` if it can have none, so that nothing is there.
    pub(super) fn name(&self, key: &StoredKey) -> Option<String> {
        self.layout.name(key).filter(|name| takes(name))
    }

    pub(super) fn flags(&self) -> u32 {
        if self.layout.is_django() { PICKLE } else { 0 }
    }

    /// What an item is, and when it ends.
    pub(super) fn entry(&self, item: &Item, now: Timestamp) -> Option<Entry> {
        let end = exptime::end(item.left, now);
        // Other flags: a text, a number or something compressed, by whoever wrote it.
        (item.flags == self.flags()).then(|| self.layout.read(&item.value, end))
    }

    /// The live record in an item.
    pub(super) fn loaded(&self, key: &StoredKey, item: &Item, now: Timestamp) -> Option<Loaded> {
        let (session_data, expire_date) = match self.entry(item, now) {
            Some(Entry::Record { session_data, expire_date }) => (session_data, expire_date),
            Some(Entry::Lease | Entry::Tombstone) => return None,
            // Data that no codec accepts, whatever the bytes would be if they were a pickle.
            None => (SessionData::from_text(""), exptime::end(item.left, now)),
        };
        let version = Stated { mark: item.mark, expire_date }.version();
        let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
        (expire_date > now).then_some(Loaded { record, version: Some(version), decoded: None })
    }

    /// What is written for a record.
    pub(super) fn put(&self, data: &SessionData, expire_date: Timestamp, now: Timestamp) -> Put {
        Put {
            value: self.layout.record(expire_date, data),
            flags: self.flags(),
            exptime: exptime::of_record(&self.layout, expire_date, now, SystemClock.now()),
        }
    }

    /// What is under a key instead of what was stated.
    pub(super) async fn found_instead(
        &self,
        key: &StoredKey,
        name: &str,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        let item = self.client.get(name).await?;
        Ok(item.and_then(|item| self.loaded(key, &item, now)))
    }
}

/// The mark that a version states, unless the record that had it has expired.
pub(super) fn live(version: &Version, now: Timestamp) -> Option<Mark> {
    Stated::of(version).filter(|stated| stated.expire_date > now).map(|stated| stated.mark)
}

/// The version of what was written, if the server told its mark.
pub(super) fn written(mark: Option<Mark>, expire_date: Timestamp) -> Option<Version> {
    mark.map(|mark| Stated { mark, expire_date }.version())
}

impl SessionStore for MemcachedStore {
    fn has_django_layout(&self) -> bool {
        self.layout.is_django()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        let Some(name) = self.name(key) else { return Ok(None) };
        self.settling.settled(&name, self.client.deadline).await?;
        let item = self.client.get(&name).await?;
        Ok(item.and_then(|item| self.loaded(key, &item, now)))
    }

    async fn create(
        &self,
        record: SessionRecord,
        _fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        let SessionRecord { session_key, session_data, expire_date } = record;
        let name = self.name(&session_key).ok_or_else(unnameable)?;
        let put = self.put(&session_data, expire_date, now);
        Ok(match self.client.add(&name, &put).await? {
            Written::Stored(mark) => Created::Created(written(mark, expire_date)),
            Written::Present | Written::Absent => Created::Taken,
        })
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        let Some(name) = self.name(key) else { return Ok(Swapped::Gone) };
        let Write { session_data, expire_date, .. } = write;
        if let Some(mark) = live(version, now) {
            let put = self.put(&session_data, expire_date, now);
            match self.client.replace(&name, mark, &put).await? {
                Written::Stored(mark) => return Ok(Swapped::Swapped(written(mark, expire_date))),
                Written::Absent => return Ok(Swapped::Gone),
                Written::Present => {}
            }
        }
        let found = self.found_instead(key, &name, now).await?;
        Ok(found.map_or(Swapped::Gone, Swapped::Moved))
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        let Some(name) = self.name(key) else { return Ok(Touched::Gone) };
        let Some(item) = self.client.get(&name).await? else { return Ok(Touched::Gone) };
        let Some(loaded) = self.loaded(key, &item, now) else { return Ok(Touched::Gone) };
        if live(version, now) != Some(item.mark) {
            return Ok(Touched::Moved(loaded));
        }
        let mut put = self.put(&loaded.record.session_data, expire_date, now);
        if item.flags != self.flags() {
            (put.value, put.flags) = (item.value, item.flags);
        }
        match self.client.replace(&name, item.mark, &put).await? {
            Written::Stored(mark) => return Ok(Touched::Touched(written(mark, expire_date))),
            Written::Absent => return Ok(Touched::Gone),
            Written::Present => {}
        }
        let found = self.found_instead(key, &name, now).await?;
        Ok(found.map_or(Touched::Gone, Touched::Moved))
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.change_key(old, version, new, write, now).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        let Some(name) = self.name(key) else { return Ok(false) };
        Ok(self.client.delete(&name, None).await? == Removed::Deleted)
    }

    /// Removes nothing: the servers end records by themselves.
    async fn clear_expired(
        &self,
        _now: Timestamp,
        _limit: u64,
        _cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        Ok(Swept { deleted: 0, next: None })
    }
}
