//! Where calls wait until they are answered.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::Poll;
use std::time::Duration;

use lodger_core::{
    Cached, Created, Cursor, Cycled, Loaded, SessionCache, SessionDict, SessionRecord,
    SessionStore, StoreError, StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

use super::call::{Answer, Call};
use super::client::Facts;
use super::world::World;
use crate::cached_db::rows::Rows;

/// What the client that runs at the moment, and those who look at it, have between them.
pub(super) struct Desk {
    pub(super) world: World,
    pub(super) call: Option<Call>,
    pub(super) answer: Option<Answer>,
    /// What everybody may know.
    pub(super) known: Facts,
    /// What was known when the client's operation began; `None`: it begins with the next step.
    pub(super) begun: Option<Facts>,
    /// Whether the client's own end does not end what it does: a write.
    pub(super) detached: bool,
    /// What should never have been seen.
    pub(super) violation: Option<String>,
}

/// The cache and the table that the store is over. Clones are the same.
#[derive(Clone)]
pub(super) struct Counter(Arc<Mutex<Desk>>);

impl Counter {
    pub(super) fn new(world: World) -> Self {
        Self(Arc::new(Mutex::new(Desk {
            world,
            call: None,
            answer: None,
            known: Facts::default(),
            begun: None,
            detached: false,
            violation: None,
        })))
    }

    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().expect("nothing panics at the desk")
    }

    /// Waits until the explorer answers.
    async fn ask(&self, call: Call) -> Result<Answer, StoreError> {
        let answer = poll_fn(|_| {
            let mut desk = self.desk();
            match desk.answer.take() {
                Some(answer) => Poll::Ready(answer),
                None => {
                    desk.call = Some(call.clone());
                    Poll::Pending
                }
            }
        });
        match answer.await {
            Answer::Failed(error) => Err(error),
            answer => Ok(answer),
        }
    }
}

/// Asks, and takes the one kind of answer there is.
macro_rules! ask {
    ($counter:expr, $call:expr, $kind:ident) => {
        match $counter.ask($call).await? {
            Answer::$kind(answer) => Ok(answer),
            _ => unreachable!("a call is answered in its own kind"),
        }
    };
}

impl SessionCache for Counter {
    async fn get(&self, key: &StoredKey, _: Timestamp) -> Result<Cached, StoreError> {
        ask!(self, Call::Get(key.clone()), Cached)
    }

    async fn add_lease(&self, key: &StoredKey, _: Duration) -> Result<Option<Version>, StoreError> {
        ask!(self, Call::AddLease(key.clone()), Lease)
    }

    async fn swap(
        &self,
        version: &Version,
        record: SessionRecord,
        _: Duration,
    ) -> Result<bool, StoreError> {
        ask!(self, Call::Put(version.clone(), record), Done)
    }

    async fn put_tombstone(&self, key: &StoredKey, _: Duration) -> Result<(), StoreError> {
        ask!(self, Call::Bury(key.clone()), Done).map(drop)
    }

    async fn invalidate(&self, key: &StoredKey) -> Result<(), StoreError> {
        ask!(self, Call::Invalidate(key.clone()), Done).map(drop)
    }
}

impl SessionStore for Counter {
    async fn load(&self, key: &StoredKey, _: Timestamp) -> Result<Option<Loaded>, StoreError> {
        ask!(self, Call::Load(key.clone()), Loaded)
    }

    async fn create(
        &self,
        _: SessionRecord,
        _: SessionDict,
        _: Timestamp,
    ) -> Result<Created, StoreError> {
        unreachable!("a creation does not concern the cache")
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        _: Timestamp,
    ) -> Result<Swapped, StoreError> {
        ask!(self, Call::Swap(key.clone(), version.clone(), write), Swapped)
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        _: Timestamp,
    ) -> Result<Touched, StoreError> {
        ask!(self, Call::Touch(key.clone(), version.clone(), expire_date), Touched)
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        _: Timestamp,
    ) -> Result<Cycled, StoreError> {
        ask!(self, Call::Cycle(old.clone(), version.clone(), new.clone(), write), Cycled)
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        ask!(self, Call::Delete(key.clone()), Done)
    }

    async fn clear_expired(
        &self,
        _: Timestamp,
        _: u64,
        _: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        unreachable!("a clearing does not concern the cache")
    }
}

impl Rows for Counter {
    async fn is_live(&self, key: &StoredKey, _: Timestamp) -> Result<bool, StoreError> {
        ask!(self, Call::IsLive(key.clone()), Done)
    }
}
