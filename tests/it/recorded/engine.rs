//! The engines that were recorded, and what stands for each of them here.

use lodger_backends::cached_db::CachedDbStore;
use lodger_codec::{DjangoCodec, PickleCodec};
use lodger_core::{Limits, SessionCache, SessionCodec, SessionStore, Settings};
use lodger_testing::{SequenceRng, SpyStore};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::site::{SECRET_KEY, Site, codec};

/// A module with tests for these functions of an engine, over a store that a function makes.
macro_rules! on_engine {
    ($module:ident, $on:path, $engine:ident, $($test:ident),+ $(,)?) => {
        mod $module {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $test() {
                    let engine = crate::recorded::engine::Stored::$engine;
                    let test = move |store| async move { super::$test(&engine(store)).await };
                    $on(test).await;
                }
            )+
        }
    };
}

/// An engine of Django's, by its name in the records, with the sites that stand for it.
pub(crate) trait RecordedEngine: Send + Sync {
    /// Such a site.
    type Site: AnySite;

    /// The name in the records.
    fn name(&self) -> &'static str;

    /// A site with Django's settings that draws these keys. What one of them stored, the next one has.
    fn site(&self, rng: SequenceRng) -> Self::Site;

    /// Whether the records tell what was stored.
    fn tells_rows(&self) -> bool {
        false
    }
}

/// An engine that keeps its sessions in a store.
pub(crate) struct Stored<S, C = DjangoCodec> {
    name: &'static str,
    store: SpyStore<S>,
    codec: C,
}

impl<S> Stored<S> {
    pub(crate) fn new(name: &'static str, store: S) -> Self {
        let codec = codec(SECRET_KEY, Limits::default());
        Self { name, store: SpyStore::new(store), codec }
    }

    pub(crate) fn file(store: S) -> Self {
        Self::new("file", store)
    }

    pub(crate) fn cached_db(store: S) -> Self {
        Self::new("cached_db", store)
    }
}

impl<C: SessionCache> Stored<CachedDbStore<C>> {
    /// With copies as Django has them.
    pub(crate) fn shared_cached_db(store: CachedDbStore<C>) -> Self {
        Self::cached_db(store.with_django(PickleCodec::new(Limits::default())))
    }
}

impl<S> Stored<S, PickleCodec> {
    /// Over a store in Django's layout.
    pub(crate) fn cache(store: S) -> Self {
        let codec = PickleCodec::new(Limits::default());
        Self { name: "cache", store: SpyStore::new(store), codec }
    }
}

impl<S: SessionStore, C: SessionCodec + Clone> RecordedEngine for Stored<S, C> {
    type Site = Site<SpyStore<S>>;

    fn name(&self) -> &'static str {
        self.name
    }

    fn site(&self, rng: SequenceRng) -> Self::Site {
        Site::with_codec(self.store.clone(), self.codec.clone(), |builder| {
            builder.with_settings(Settings::django()).with_rng(rng)
        })
    }

    fn tells_rows(&self) -> bool {
        self.name == "db"
    }
}

/// `signed_cookies`, which stores nothing.
pub(crate) struct InTheBrowser;

impl RecordedEngine for InTheBrowser {
    type Site = CookieSite;

    fn name(&self) -> &'static str {
        "signed_cookies"
    }

    fn site(&self, _: SequenceRng) -> CookieSite {
        CookieSite::with_settings(Settings::django())
    }
}
