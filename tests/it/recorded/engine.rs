//! The engines that were recorded, and what stands for each of them here.

use lodger_core::{SessionStore, Settings};
use lodger_testing::{SequenceRng, SpyStore};
use lodger_tests::any_site::AnySite;
use lodger_tests::cookie_site::CookieSite;
use lodger_tests::site::Site;

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
pub(crate) struct Stored<S> {
    name: &'static str,
    store: SpyStore<S>,
}

impl<S> Stored<S> {
    pub(crate) fn new(name: &'static str, store: S) -> Self {
        Self { name, store: SpyStore::new(store) }
    }
}

impl<S: SessionStore> RecordedEngine for Stored<S> {
    type Site = Site<SpyStore<S>>;

    fn name(&self) -> &'static str {
        self.name
    }

    fn site(&self, rng: SequenceRng) -> Self::Site {
        Site::built(self.store.clone(), |builder| {
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
