//! Running a test over the common server.

use std::sync::atomic::{AtomicU32, Ordering};

use lodger_backends::cache_layout::CacheLayout;
use lodger_backends::memcached::MemcachedStore;
use lodger_testing::contract::{Fixture, Subject};

use crate::report::skip;

/// The variable of the environment that holds the URL of the common server.
const VARIABLE: &str = "LODGER_MEMCACHED_URL";

/// A store with a prefix of its own on the server that `LODGER_MEMCACHED_URL` names.
pub struct MemcachedFixture {
    store: MemcachedStore,
}

impl MemcachedFixture {
    /// Makes it in Lodger's own layout; `None`, noted as a skip, if the server is not there.
    ///
    /// # Panics
    ///
    /// When the variable holds no URL.
    pub async fn create() -> Option<Self> {
        let store = Self::store(CacheLayout::lodger())?;
        Some(Self { store })
    }

    /// A store in a layout, with a prefix of its own.
    ///
    /// # Panics
    ///
    /// When the variable holds no URL.
    #[must_use]
    pub fn store(layout: CacheLayout) -> Option<MemcachedStore> {
        crate::canary::watch();
        let Some(url) = Self::url() else {
            skip(&format!("{VARIABLE} names no server"));
            return None;
        };
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let prefix = format!("lodger_test_{}_{number}:", std::process::id());
        let store = MemcachedStore::connect(&url).expect("the variable holds a URL");
        // As `cargo xtask services` starts it.
        Some(store.with_largest_item(4 << 20).with_layout(layout.with_prefix(prefix)))
    }

    /// Where the common server is.
    #[must_use]
    pub fn url() -> Option<String> {
        std::env::var(VARIABLE).ok()
    }
}

impl Fixture for MemcachedFixture {
    type Store = MemcachedStore;

    fn subject(&self) -> Option<Subject<MemcachedStore>> {
        Some(Subject::new(self.store.clone()).without_clearing())
    }
}

/// Runs a test over the common server, in Lodger's own layout.
pub async fn on<F, R>(test: F)
where
    F: FnOnce(MemcachedStore) -> R,
    R: Future<Output = ()>,
{
    on_layout(CacheLayout::lodger(), test).await;
}

/// As [`on`], in the layout of Django's engine `cache`.
pub async fn on_as_djangos<F, R>(test: F)
where
    F: FnOnce(MemcachedStore) -> R,
    R: Future<Output = ()>,
{
    on_layout(CacheLayout::django(), test).await;
}

async fn on_layout<F, R>(layout: CacheLayout, test: F)
where
    F: FnOnce(MemcachedStore) -> R,
    R: Future<Output = ()>,
{
    if let Some(store) = MemcachedFixture::store(layout) {
        test(store).await;
    }
}
