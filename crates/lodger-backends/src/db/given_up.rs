//! Calls whose answers nobody waited for.
//!
//! On MySQL and MariaDB a connection can be given up in the middle of an answer, and be silent from then
//! on, since nobody knows where the next answer begins. So a call there goes on for a while when its
//! caller has gone: else visitors who go away while their sessions are read could use up the pool.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    StatementBuilder,
};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

/// How long a call goes on when its caller has gone.
const PATIENCE: Duration = Duration::from_secs(1);

/// When a call was given up last. Clones share it.
#[derive(Clone, Default)]
pub(super) struct GivenUp(Arc<Mutex<Option<Instant>>>);

/// A database, and the calls to it that were given up.
#[derive(Clone)]
pub(super) struct Watched {
    pub(super) db: DatabaseConnection,
    given_up: GivenUp,
}

/// A call, until it is done.
struct Call<T: Send + 'static> {
    asked: Option<Pin<Box<dyn Future<Output = T> + Send>>>,
    goes_on: bool,
    given_up: GivenUp,
}

impl GivenUp {
    /// When a call was given up last.
    pub(super) fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Drops a call that is not done.
    fn give_up<T>(&self, asked: T) {
        // Before the pool has the connection back.
        *self.last() = Some(Instant::now());
        drop(asked);
    }
}

impl Watched {
    pub(super) fn new(db: DatabaseConnection, given_up: GivenUp) -> Self {
        Self { db, given_up }
    }

    pub(super) async fn query_one(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<Option<QueryResult>, DbErr> {
        let (db, statement) = (self.db.clone(), self.db.get_database_backend().build(statement));
        self.watch(async move { db.query_one_raw(statement).await }).await
    }

    pub(super) async fn execute(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<ExecResult, DbErr> {
        let (db, statement) = (self.db.clone(), self.db.get_database_backend().build(statement));
        self.watch(async move { db.execute_raw(statement).await }).await
    }

    async fn watch<T: Send + 'static>(&self, asked: impl Future<Output = T> + Send + 'static) -> T {
        let goes_on = self.db.get_database_backend() == DbBackend::MySql;
        let asked: Pin<Box<dyn Future<Output = T> + Send>> = Box::pin(asked);
        let mut call = Call { asked: Some(asked), goes_on, given_up: self.given_up.clone() };
        let answer = call.asked.as_mut().expect("it is taken by a drop alone").await;
        call.asked = None;
        answer
    }
}

impl<T: Send + 'static> Drop for Call<T> {
    fn drop(&mut self) {
        let Some(mut asked) = self.asked.take() else { return };
        let given_up = self.given_up.clone();
        match Handle::try_current() {
            Ok(runtime) if self.goes_on => {
                runtime.spawn(async move {
                    if timeout(PATIENCE, &mut asked).await.is_err() {
                        given_up.give_up(asked);
                    }
                });
            }
            _ => given_up.give_up(asked),
        }
    }
}
