//! The engines over a store of which no rows were recorded.

use std::sync::Arc;

use lodger_backends::cached_db::CachedDbStore;
use lodger_codec::PickleCodec;
use lodger_core::{Limits, SessionEngine, SessionStore, Settings, SettingsError, StoredKey};
use lodger_testing::{FakeClock, SequenceRng};
use lodger_tests::cache::MoodyCache;
use lodger_tests::database::OwnDatabase;
use lodger_tests::file_fixture::OwnFolder;
use lodger_tests::site::{SECRET_KEY, codec};

use super::engine::{RecordedEngine, manager};
use super::run::keys;
use crate::flow::rows::Rows;

/// The engine `file`.
pub(super) struct Files(OwnFolder);

impl Files {
    pub(super) fn create() -> Self {
        Self(OwnFolder::create())
    }
}

impl RecordedEngine for Files {
    fn name(&self) -> &'static str {
        "file"
    }

    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        keys: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError> {
        let codec = codec(SECRET_KEY, Limits::default());
        manager(self.0.store_with(settings), codec, settings, clock, keys)
    }

    fn files(&self) -> Option<usize> {
        Some(self.0.names().len())
    }

    async fn empty(&self) {
        self.0.store().drain().await;
    }
}

/// The engine `cached_db`, with copies as Django has them.
pub(super) struct CachedDb<'a> {
    database: &'a OwnDatabase,
    cache: MoodyCache,
}

impl<'a> CachedDb<'a> {
    pub(super) fn over(database: &'a OwnDatabase) -> Self {
        Self { database, cache: MoodyCache::default() }
    }

    fn store(&self) -> CachedDbStore<MoodyCache> {
        let codec = codec(SECRET_KEY, Limits::default());
        CachedDbStore::new(self.cache.clone(), self.database.store(), codec)
            .with_django(PickleCodec::new(Limits::default()))
    }
}

impl RecordedEngine for CachedDb<'_> {
    fn name(&self) -> &'static str {
        "cached_db"
    }

    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        keys: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError> {
        manager(self.store(), codec(SECRET_KEY, Limits::default()), settings, clock, keys)
    }

    async fn empty(&self) {
        self.store().drain().await;
    }
}

/// The engine `cache`, over any store in Django's layout.
///
/// The server's clock ends its records, so no scenario may need the time to pass.
pub(super) struct Cache<S>(pub(super) S);

impl<S: SessionStore + Clone> RecordedEngine for Cache<S> {
    fn name(&self) -> &'static str {
        "cache"
    }

    fn build(
        &self,
        settings: &Settings,
        clock: &FakeClock,
        keys: SequenceRng,
    ) -> Result<Arc<dyn SessionEngine>, SettingsError> {
        manager(self.0.clone(), PickleCodec::new(Limits::default()), settings, clock, keys)
    }

    async fn empty(&self) {
        for key in keys() {
            self.0.delete(&StoredKey::from(key)).await.expect("the server is there");
        }
    }
}
