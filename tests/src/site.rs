//! A site in miniature: a manager over a store that is watched, and visits to it.

use std::ops::Deref;
use std::sync::Arc;

use lodger_codec::{DjangoCodec, KeyRing};
use lodger_core::{
    CommitError, LazySession, Limits, LoadError, Presented, Session, SessionCodec, SessionCookie,
    SessionDict, SessionEngine, SessionKey, SessionStore, Settings,
};
use lodger_manager::{ManagerBuilder, SessionManager};
use lodger_testing::{FailingStore, FakeClock, MarkedRng, SpyStore};

use crate::any_site::AnySite;
use crate::canary;

/// The store of a [`Site`]: what reaches it is counted first, and may then fail.
pub type Watched<S> = SpyStore<FailingStore<S>>;

/// The key that signs in tests, as in the recorded files.
pub const SECRET_KEY: &str = "golden-vector secret key #1 !@$%^&*()_+ for rust";

/// A manager with its clock and its store at hand.
pub struct Site<S> {
    /// The manager.
    pub manager: Arc<SessionManager<Watched<S>>>,
    /// Counts what the manager asks of the store.
    pub spy: Watched<S>,
    /// Makes the store fail.
    pub faults: FailingStore<S>,
    /// Tells the manager the time.
    pub clock: FakeClock,
}

impl<S> Clone for Site<S> {
    fn clone(&self) -> Self {
        Self {
            manager: Arc::clone(&self.manager),
            spy: self.spy.clone(),
            faults: self.faults.clone(),
            clock: self.clock.clone(),
        }
    }
}

impl<S: SessionStore> Site<S> {
    /// With the default settings.
    pub fn new(store: S) -> Self {
        Self::with_settings(store, Settings::default())
    }

    /// With other settings.
    pub fn with_settings(store: S, settings: Settings) -> Self {
        let codec = codec(SECRET_KEY, settings.limits.clone());
        Self::with_codec(store, codec, |builder| builder.with_settings(settings))
    }

    /// With a manager that is built in another way.
    ///
    /// # Panics
    ///
    /// When the settings cannot work.
    pub fn built(
        store: S,
        build: impl FnOnce(ManagerBuilder<Watched<S>>) -> ManagerBuilder<Watched<S>>,
    ) -> Self {
        Self::with_codec(store, codec(SECRET_KEY, Limits::default()), build)
    }

    /// With another codec, and a manager that is built in another way.
    ///
    /// # Panics
    ///
    /// When the settings cannot work.
    pub fn with_codec(
        store: S,
        codec: impl SessionCodec,
        build: impl FnOnce(ManagerBuilder<Watched<S>>) -> ManagerBuilder<Watched<S>>,
    ) -> Self {
        canary::watch();
        let faults = FailingStore::new(store);
        let spy = SpyStore::new(faults.clone());
        let clock = FakeClock::default();
        let builder = SessionManager::builder(spy.clone(), codec);
        let builder = builder.with_clock(clock.clone()).with_rng(MarkedRng::new(canary::KEY));
        let manager = build(builder).build();
        Self { manager: Arc::new(manager.expect("the settings can work")), spy, faults, clock }
    }

    /// A request that presents this, before anything is loaded.
    #[must_use]
    pub fn request(&self, presented: Presented) -> LazySession {
        AnySite::request(self, presented)
    }

    /// A request that presents a key, or none, and has loaded its session.
    ///
    /// # Errors
    ///
    /// When the store failed.
    pub async fn try_visit(&self, key: Option<&SessionKey>) -> Result<Visit, LoadError> {
        AnySite::try_visit(self, key).await
    }

    /// As [`try_visit`](Self::try_visit), where the store does not fail.
    ///
    /// # Panics
    ///
    /// When the store failed.
    pub async fn visit(&self, key: Option<&SessionKey>) -> Visit {
        AnySite::visit(self, key).await
    }

    /// Stores a new session with these data, given as a JSON object, and gives its key.
    ///
    /// # Panics
    ///
    /// When it cannot be stored.
    pub async fn stored(&self, json: &str) -> SessionKey {
        let key = AnySite::stored(self, json).await;
        self.spy.reset();
        key
    }

    /// What is stored and live under a key, as JSON.
    ///
    /// # Panics
    ///
    /// When the store failed.
    pub async fn data(&self, key: &SessionKey) -> Option<String> {
        let found = self.manager.find(key).await.expect("the store does not fail");
        found.map(|dict| dict.to_json())
    }

    /// A field of what is stored and live under a key, as JSON.
    pub async fn field(&self, key: &SessionKey, name: &str) -> Option<String> {
        let data = dict(&self.data(key).await?);
        data.get_json(name).map(|value| value.as_str().to_owned())
    }
}

impl<S: SessionStore> AnySite for Site<S> {
    fn engine(&self) -> Arc<dyn SessionEngine> {
        self.manager.clone()
    }

    fn clock(&self) -> &FakeClock {
        &self.clock
    }
}

/// A request with its session.
pub struct Visit {
    /// The handle that the glue to a framework holds.
    pub request: LazySession,
    pub(crate) session: Session,
}

impl Deref for Visit {
    type Target = Session;

    fn deref(&self) -> &Session {
        &self.session
    }
}

impl Visit {
    /// The response is sent: commits what was done.
    ///
    /// # Errors
    ///
    /// When it could not be stored.
    pub async fn end(&self) -> Result<Option<SessionCookie>, CommitError> {
        self.request.commit(false).await
    }

    /// Ends the visit and gives the key that the visitor gets, if any.
    ///
    /// # Panics
    ///
    /// When the commit fails.
    pub async fn end_with_key(&self) -> Option<SessionKey> {
        let cookie = self.end().await.expect("the commit succeeds")?;
        Some(cookie.value.session_key(4096).expect("the cookie holds a key"))
    }
}

/// A codec as Django 4.0 and later have it.
///
/// # Panics
///
/// When the secret key is empty.
#[must_use]
pub fn codec(secret_key: &str, limits: Limits) -> DjangoCodec {
    let keys = KeyRing::new(secret_key).expect("the secret key is not empty");
    DjangoCodec::new(keys, limits)
}

/// Data from the text of a JSON object.
///
/// # Panics
///
/// When it is none.
#[must_use]
pub fn dict(json: &str) -> SessionDict {
    SessionDict::parse(json, 1000).expect("the text is a JSON object")
}
