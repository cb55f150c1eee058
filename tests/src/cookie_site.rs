//! A site in miniature whose sessions are in signed cookies.

use std::sync::Arc;

use lodger_backends::memory::MemoryStore;
use lodger_backends::signed_cookies::{SignedCookies, SignedCookiesBuilder};
use lodger_codec::KeyRing;
use lodger_core::{SessionEngine, SessionStore, Settings};
use lodger_testing::{FailingStore, FakeClock, MarkedRng, SpyStore};

use crate::any_site::{AnySite, Premises};
use crate::canary;
use crate::site::{SECRET_KEY, Watched};

/// An engine of signed cookies with its clock at hand. Clones are the same.
#[derive(Clone)]
pub struct CookieSite {
    /// The engine.
    pub engine: Arc<SignedCookies>,
    /// Tells the engine the time.
    pub clock: FakeClock,
}

impl CookieSite {
    /// With these settings, and no revocation list.
    pub fn with_settings(settings: Settings) -> Self {
        Self::built(|builder| builder.with_settings(settings))
    }

    /// With an engine that is built in another way.
    ///
    /// # Panics
    ///
    /// When the settings cannot work.
    pub fn built(build: impl FnOnce(SignedCookiesBuilder) -> SignedCookiesBuilder) -> Self {
        Self::with_keys(KeyRing::new(SECRET_KEY).expect("the secret key is not empty"), build)
    }

    /// With other keys, too.
    ///
    /// # Panics
    ///
    /// When the settings cannot work.
    pub fn with_keys(
        keys: KeyRing,
        build: impl FnOnce(SignedCookiesBuilder) -> SignedCookiesBuilder,
    ) -> Self {
        canary::watch();
        let clock = FakeClock::default();
        let builder = SignedCookies::builder(keys).with_clock(clock.clone());
        let builder = builder.with_rng(MarkedRng::new(canary::KEY));
        let engine = build(builder).build().expect("the settings can work");
        Self { engine: Arc::new(engine), clock }
    }
}

impl AnySite for CookieSite {
    fn engine(&self) -> Arc<dyn SessionEngine> {
        self.engine.clone()
    }

    fn clock(&self) -> &FakeClock {
        &self.clock
    }
}

/// The browser: sites whose sessions are in signed cookies, as Django's are.
pub struct Browser;

impl Premises for Browser {
    type Site = CookieSite;

    fn open(self, settings: Settings) -> CookieSite {
        CookieSite::with_settings(settings)
    }
}

/// The same, where a session's own expiry is looked at.
pub struct PunctualBrowser;

impl Premises for PunctualBrowser {
    type Site = CookieSite;

    fn open(self, settings: Settings) -> CookieSite {
        CookieSite::built(|builder| builder.with_settings(settings).with_own_expiry())
    }
}

/// A [`CookieSite`] with a revocation list that is watched and can be made to fail.
#[derive(Clone)]
pub struct ListedSite<S> {
    /// The site.
    pub site: CookieSite,
    /// Counts what the engine asks of the list.
    pub spy: Watched<S>,
    /// Makes the list fail.
    pub faults: FailingStore<S>,
}

impl ListedSite<MemoryStore> {
    /// With a list in memory.
    pub fn in_memory() -> Self {
        Self::new(MemoryStore::default())
    }
}

impl<S: SessionStore> ListedSite<S> {
    /// With a list in this store.
    pub fn new(store: S) -> Self {
        let faults = FailingStore::new(store);
        let spy = SpyStore::new(faults.clone());
        let list = spy.clone();
        Self { site: CookieSite::built(|builder| builder.with_revocations(list)), spy, faults }
    }
}

impl<S: SessionStore> AnySite for ListedSite<S> {
    fn engine(&self) -> Arc<dyn SessionEngine> {
        self.site.engine()
    }

    fn clock(&self) -> &FakeClock {
        self.site.clock()
    }
}
