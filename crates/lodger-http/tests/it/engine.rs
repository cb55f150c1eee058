//! An engine over a map, with the semantics of a real one and faults on demand.

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use lodger_core::store::BoxFuture;
use lodger_core::{
    Clock, Commit, CommitError, Committed, CookieExpiry, CookieValue, Lifetime, LoadError, Opened,
    OsRng, Renewal, Retire, Saved, SessionConflict, SessionCookie, SessionDict, SessionEngine,
    SessionKey, Settings, StoreError, Timestamp,
};

/// What holds a commit up: the test holds the lock for as long as it wants.
pub(crate) type Gate = Arc<tokio::sync::Mutex<()>>;

/// Keeps sessions in a map, and counts what it was asked.
#[derive(Default)]
pub(crate) struct Shelf {
    pub(crate) settings: Settings,
    rows: Mutex<HashMap<String, SessionDict>>,
    clock: HeldClock,
    /// When the sessions that are loaded are said to end.
    pub(crate) ends: Mutex<Option<Timestamp>>,
    /// Makes every load fail.
    pub(crate) load_error: Mutex<Option<LoadError>>,
    /// Makes every commit fail.
    pub(crate) commit_error: Mutex<Option<CommitError>>,
    pub(crate) gate: Gate,
    pub(crate) loads: AtomicUsize,
    pub(crate) commits: AtomicUsize,
}

/// A clock that stands at 2023-11-14T22:13:20Z until it is moved.
struct HeldClock(AtomicI64);

impl Default for HeldClock {
    fn default() -> Self {
        Self(AtomicI64::new(1_700_000_000_000_000))
    }
}

impl Clock for HeldClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::Relaxed))
    }
}

impl Shelf {
    pub(crate) fn new(change: impl FnOnce(&mut Settings)) -> Arc<Self> {
        let mut settings = Settings::django();
        change(&mut settings);
        Arc::new(Self { settings, ..Self::default() })
    }

    /// Puts a session on the shelf, as if an earlier request had.
    pub(crate) fn put(&self, key: &str, json: &str) {
        self.rows().insert(key.to_owned(), SessionDict::parse(json, 100).unwrap());
    }

    /// Takes a session off the shelf, as another request would.
    pub(crate) fn take(&self, key: &str) -> Option<String> {
        self.rows().remove(key).map(|dict| dict.to_json())
    }

    /// The data under a key.
    pub(crate) fn json(&self, key: &str) -> Option<String> {
        self.rows().get(key).map(SessionDict::to_json)
    }

    /// All keys, in order.
    pub(crate) fn keys(&self) -> Vec<String> {
        let mut keys: Vec<_> = self.rows().keys().cloned().collect();
        keys.sort();
        keys
    }

    pub(crate) fn fail_commits(&self, error: CommitError) {
        *self.commit_error.lock().unwrap() = Some(error);
    }

    pub(crate) fn fail_loads(&self) {
        let down = StoreError::unavailable("the shelf fell down");
        *self.load_error.lock().unwrap() = Some(LoadError::Unavailable(down));
    }

    /// How often it was asked to load and to commit.
    pub(crate) fn asked(&self) -> (usize, usize) {
        (self.loads.load(Ordering::Relaxed), self.commits.load(Ordering::Relaxed))
    }

    fn rows(&self) -> std::sync::MutexGuard<'_, HashMap<String, SessionDict>> {
        self.rows.lock().unwrap()
    }

    fn store(&self, opened: &Opened, commit: &Commit) -> Result<Committed, CommitError> {
        let mut rows = self.rows();
        let dict_of = |held: Option<&SessionDict>| -> Result<SessionDict, CommitError> {
            let mut dict = held.cloned().unwrap_or_default();
            commit.patch.apply(&mut dict).map_err(SessionConflict::from)?;
            Ok(dict)
        };
        let live = match opened {
            Opened::Live { key, .. } => Some(key),
            Opened::Gone { .. } if commit.retire != Retire::Flush => {
                return Err(lodger_core::error::SessionInterrupted.into());
            }
            _ => None,
        };
        let (key, dict) = match (live, commit.retire) {
            (Some(_), Retire::Keep)
                if commit.patch.is_empty() && commit.renewal == Renewal::Never =>
            {
                return Ok(Committed::Unchanged);
            }
            (Some(key), Retire::Keep | Retire::Cycle) => {
                let held = rows.get(key.expose());
                let held = held.ok_or(lodger_core::error::SessionInterrupted)?;
                let dict = dict_of(Some(held))?;
                if commit.retire == Retire::Keep {
                    (key.clone(), dict)
                } else {
                    rows.remove(key.expose());
                    (SessionKey::generate(&OsRng)?, dict)
                }
            }
            (_, Retire::Flush) => {
                if let Some(key) = opened.key() {
                    rows.remove(key.expose());
                }
                let dict = dict_of(None)?;
                if dict.is_empty() {
                    return Ok(Committed::Removed);
                }
                (SessionKey::generate(&OsRng)?, dict)
            }
            (None, _) => {
                let dict = dict_of(None)?;
                if dict.is_empty() {
                    return Ok(Committed::Unchanged);
                }
                (SessionKey::generate(&OsRng)?, dict)
            }
        };
        rows.insert(key.expose().to_owned(), dict.clone());
        let now = self.clock.now();
        let expiry = CookieExpiry::of(&dict, &self.settings, now);
        let expire_date = Some(Lifetime::of(&dict, &self.settings, now).date());
        let cookie = SessionCookie { value: CookieValue::from(&key), expiry };
        let opened = Opened::Live { key, version: None, stamp: None, expire_date, dict };
        Ok(Committed::Saved(Saved { opened, cookie }))
    }
}

impl SessionEngine for Shelf {
    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
    }

    fn presented_key(&self, value: &CookieValue) -> Option<SessionKey> {
        value.session_key(self.settings.limits.key).ok()
    }

    fn load(self: Arc<Self>, value: CookieValue) -> BoxFuture<'static, Result<Opened, LoadError>> {
        Box::pin(async move {
            let Some(key) = self.presented_key(&value) else { return Ok(Opened::Fresh) };
            self.loads.fetch_add(1, Ordering::Relaxed);
            if let Some(error) = self.load_error.lock().unwrap().clone() {
                return Err(error);
            }
            let dict = self.rows().get(key.expose()).cloned();
            Ok(dict.map_or(Opened::Fresh, |dict| Opened::Live {
                key,
                version: None,
                stamp: None,
                expire_date: *self.ends.lock().unwrap(),
                dict,
            }))
        })
    }

    fn commit(
        self: Arc<Self>,
        opened: Opened,
        commit: Commit,
    ) -> BoxFuture<'static, Result<Committed, CommitError>> {
        Box::pin(async move {
            self.commits.fetch_add(1, Ordering::Relaxed);
            drop(self.gate.lock().await);
            if let Some(error) = self.commit_error.lock().unwrap().clone() {
                return Err(error);
            }
            self.store(&opened, &commit)
        })
    }

    fn delete(self: Arc<Self>, key: SessionKey) -> BoxFuture<'static, Result<bool, CommitError>> {
        Box::pin(async move { Ok(self.rows().remove(key.expose()).is_some()) })
    }
}
