//! Running a test over a store, whichever it is.

use std::marker::PhantomData;

use lodger_backends::db::DbStore;
use lodger_backends::memory::MemoryStore;
use lodger_entity::{SessionModel, session};
use lodger_testing::contract::{Fixture, Subject};

use super::{Backend, OwnDatabase};

/// A store in a table of a database of its own, for the suite of the contract.
pub struct DbFixture<M> {
    database: OwnDatabase,
    model: PhantomData<M>,
}

impl<M: SessionModel> DbFixture<M> {
    /// Makes it; `None`, noted as a skip, if the server is not there.
    pub async fn create(backend: Backend) -> Option<Self> {
        crate::canary::watch();
        let database = OwnDatabase::create(backend).await?;
        Some(Self { database, model: PhantomData })
    }
}

impl<M: SessionModel + Send + Sync + 'static> Fixture for DbFixture<M>
where
    DbStore<M>: lodger_core::SessionStore,
{
    type Store = DbStore<M>;

    fn subject(&self) -> Option<Subject<Self::Store>> {
        Some(Subject::new(self.database.store()))
    }

    async fn close(self) {
        self.database.close().await;
    }
}

/// Runs a test over the table `django_session` of a database of its own, and drops that however the
/// test ends.
pub async fn on<F, R>(backend: Backend, test: F)
where
    F: FnOnce(DbStore<session::Entity>) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    on_model(backend, test).await;
}

/// As [`on`], over the table of another model.
pub async fn on_model<M, F, R>(backend: Backend, test: F)
where
    M: SessionModel,
    F: FnOnce(DbStore<M>) -> R,
    R: Future<Output = ()> + Send + 'static,
{
    let Some(database) = OwnDatabase::create(backend).await else { return };
    let ended = tokio::spawn(test(database.store())).await;
    database.close().await;
    if let Err(failure) = ended {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// Runs a test over memory.
pub async fn over_memory<F, R>(test: F)
where
    F: FnOnce(MemoryStore) -> R,
    R: Future<Output = ()>,
{
    test(MemoryStore::default()).await;
}
