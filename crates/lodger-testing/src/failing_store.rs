//! A store that fails when it is told to.

use std::collections::HashMap;
use std::collections::VecDeque;
use std::future::{Future, pending};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lodger_core::{
    Created, Cursor, Cycled, Loaded, SessionDict, SessionRecord, SessionStore, StoreError,
    StoredKey, Swapped, Swept, Timestamp, Touched, Version, Write,
};

use crate::Method;

/// What goes wrong with a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing; the call goes through. It holds a place in a script.
    None,
    /// `Unavailable`, and the call was not applied.
    Unavailable,
    /// `Unknown`, and the call was not applied: the request was lost.
    RequestLost,
    /// `Unknown`, and the call was applied: the reply was lost.
    ReplyLost,
    /// The call is not applied and never answers.
    Hangs,
    /// The call is applied and never answers.
    HangsAfter,
    /// The call is applied and answered after so long.
    Slow(Duration),
    /// The call is applied after so long and answered at once.
    Late(Duration),
}

/// Passes calls on to a store, but for those that the script says are to fail. Clones follow one
/// script.
///
/// ```
/// use lodger_backends::memory::MemoryStore;
/// use lodger_core::{SessionStore, StoredKey, Timestamp};
/// use lodger_testing::{FailingStore, Fault, Method};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let store = FailingStore::new(MemoryStore::default());
/// let (key, now) = (StoredKey::from("some key".to_owned()), Timestamp::from_secs(0));
/// store.script(Method::Load, [Fault::None, Fault::Unavailable]);
/// assert!(store.load(&key, now).await.is_ok());
/// assert!(store.load(&key, now).await.is_err());
/// assert!(store.load(&key, now).await.is_ok()); // the script has ended
///
/// store.always(Method::Delete, Fault::Unavailable);
/// assert!(store.delete(&key).await.is_err());
/// store.heal();
/// assert!(store.delete(&key).await.is_ok());
/// # }
/// ```
pub struct FailingStore<S> {
    store: Arc<S>,
    scripts: Arc<Mutex<HashMap<Method, Script>>>,
}

#[derive(Default)]
struct Script {
    next: VecDeque<Fault>,
    then: Option<Fault>,
}

impl<S> FailingStore<S> {
    /// Fails nothing yet.
    #[must_use]
    pub fn new(store: S) -> Self {
        Self { store: Arc::new(store), scripts: Arc::default() }
    }

    /// The store, which does not fail.
    #[must_use]
    pub fn store(&self) -> &S {
        &self.store
    }

    /// What is to become of the next calls of a method, after those scripted before.
    pub fn script(&self, method: Method, faults: impl IntoIterator<Item = Fault>) {
        self.lock().entry(method).or_default().next.extend(faults);
    }

    /// What is to become of every call of a method once its script has ended.
    pub fn always(&self, method: Method, fault: Fault) {
        self.lock().entry(method).or_default().then = Some(fault);
    }

    /// Forgets all scripts.
    pub fn heal(&self) {
        self.lock().clear();
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Method, Script>> {
        self.scripts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fault(&self, method: Method) -> Fault {
        let mut scripts = self.lock();
        let Some(script) = scripts.get_mut(&method) else { return Fault::None };
        script.next.pop_front().or(script.then).unwrap_or(Fault::None)
    }

    async fn pass<T>(
        &self,
        method: Method,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        match self.fault(method) {
            Fault::None => call.await,
            Fault::Unavailable => Err(StoreError::unavailable("scripted")),
            Fault::RequestLost => Err(StoreError::unknown("scripted")),
            Fault::ReplyLost => {
                call.await?;
                Err(StoreError::unknown("scripted"))
            }
            Fault::Hangs => pending().await,
            Fault::HangsAfter => {
                call.await?;
                pending().await
            }
            Fault::Slow(time) => {
                let result = call.await;
                tokio::time::sleep(time).await;
                result
            }
            Fault::Late(time) => {
                tokio::time::sleep(time).await;
                call.await
            }
        }
    }
}

impl<S> Clone for FailingStore<S> {
    fn clone(&self) -> Self {
        Self { store: Arc::clone(&self.store), scripts: Arc::clone(&self.scripts) }
    }
}

impl<S: SessionStore> SessionStore for FailingStore<S> {
    fn has_django_layout(&self) -> bool {
        self.store.has_django_layout()
    }

    async fn load(&self, key: &StoredKey, now: Timestamp) -> Result<Option<Loaded>, StoreError> {
        self.pass(Method::Load, self.store.load(key, now)).await
    }

    async fn load_for_write(
        &self,
        key: &StoredKey,
        now: Timestamp,
    ) -> Result<Option<Loaded>, StoreError> {
        self.pass(Method::Load, self.store.load_for_write(key, now)).await
    }

    async fn create(
        &self,
        record: SessionRecord,
        fields: SessionDict,
        now: Timestamp,
    ) -> Result<Created, StoreError> {
        self.pass(Method::Create, self.store.create(record, fields, now)).await
    }

    async fn swap(
        &self,
        key: &StoredKey,
        version: &Version,
        write: Write,
        now: Timestamp,
    ) -> Result<Swapped, StoreError> {
        self.pass(Method::Swap, self.store.swap(key, version, write, now)).await
    }

    async fn touch(
        &self,
        key: &StoredKey,
        version: &Version,
        expire_date: Timestamp,
        now: Timestamp,
    ) -> Result<Touched, StoreError> {
        self.pass(Method::Touch, self.store.touch(key, version, expire_date, now)).await
    }

    async fn cycle(
        &self,
        old: &StoredKey,
        version: &Version,
        new: &StoredKey,
        write: Write,
        now: Timestamp,
    ) -> Result<Cycled, StoreError> {
        self.pass(Method::Cycle, self.store.cycle(old, version, new, write, now)).await
    }

    async fn delete(&self, key: &StoredKey) -> Result<bool, StoreError> {
        self.pass(Method::Delete, self.store.delete(key)).await
    }

    async fn clear_expired(
        &self,
        now: Timestamp,
        limit: u64,
        cursor: Option<Cursor>,
    ) -> Result<Swept, StoreError> {
        self.pass(Method::ClearExpired, self.store.clear_expired(now, limit, cursor)).await
    }
}
