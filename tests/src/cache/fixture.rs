//! A database with a cache in front of it.

use lodger_backends::cached_db::CachedDbStore;
use lodger_core::{Limits, SessionCache};
use lodger_testing::contract::{Fixture, Subject};

use super::MoodyCache;
use crate::database::{Backend, OwnDatabase};
use crate::plain_codec::PlainCodec;
use crate::site::{SECRET_KEY, codec};

/// A database of its own with this cache in front of it, for the suite of the contract.
pub struct CachedDbFixture<C: SessionCache> {
    database: OwnDatabase,
    subject: Subject<CachedDbStore<C>>,
}

impl<C: SessionCache> CachedDbFixture<C> {
    /// Makes it; `None`, noted as a skip, if the server is not there.
    pub async fn create(cache: C, backend: Backend) -> Option<Self> {
        let database = OwnDatabase::create(backend).await?;
        let store = CachedDbStore::new(cache, database.store(), PlainCodec);
        Some(Self { database, subject: Subject::new(store) })
    }
}

impl<C: SessionCache> Fixture for CachedDbFixture<C> {
    type Store = CachedDbStore<C>;

    fn subject(&self) -> Option<Subject<Self::Store>> {
        Some(self.subject.clone())
    }

    async fn close(self) {
        self.database.close().await;
    }
}

/// Runs a test over a cache in memory in front of a SQLite file, with the codec of the sites.
pub async fn over_cached_db<F, R>(test: F)
where
    F: FnOnce(CachedDbStore<MoodyCache>) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let database = OwnDatabase::create(Backend::Sqlite).await.expect("SQLite needs no server");
    let codec = codec(SECRET_KEY, Limits::default());
    let store = CachedDbStore::new(MoodyCache::default(), database.store(), codec);
    let ended = tokio::spawn(test(store)).await;
    database.close().await;
    if let Err(failure) = ended {
        std::panic::resume_unwind(failure.into_panic());
    }
}
