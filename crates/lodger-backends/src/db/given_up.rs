//! Connections whose answers nobody waited for.
//!
//! A pool asks a connection that it gets back whether it is whole, and waits for the answer as long as
//! the connection lasts. One that has fallen silent would be a place less in the pool until the kernel
//! notices, which takes minutes: after as many such calls as there are places no more is answered.
//!
//! On MySQL and MariaDB a connection can be given up in the middle of an answer, and be silent from then
//! on, since nobody knows where the next answer begins. So a call there goes on for a while when its
//! caller has gone: else visitors who go away while their sessions are read could use up the pool.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[cfg(any(feature = "postgres", feature = "mysql"))]
use sea_orm::ConnectOptions;
#[cfg(any(feature = "postgres", feature = "mysql"))]
use sea_orm::sqlx::{Connection, Error};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult,
    StatementBuilder,
};
use tokio::runtime::Handle;
use tokio::time::{Instant, timeout};

/// How long a call goes on when its caller has gone.
const PATIENCE: Duration = Duration::from_secs(1);
/// By then the pool has begun to ask a connection that was given up.
#[cfg(any(feature = "postgres", feature = "mysql"))]
const LATELY: Duration = Duration::from_secs(1);
/// How long a connection may take to say that it is whole. One that waits for somebody's lock takes its
/// place until then, since the server keeps it when it is ended here: sooner, and a long lock would have
/// the server flooded.
#[cfg(any(feature = "postgres", feature = "mysql"))]
const SILENCE: Duration = Duration::from_secs(10);

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
    /// Drops a call that is not done.
    fn drop<T>(&self, asked: T) {
        // Before the pool has the connection back.
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        drop(asked);
    }
}

#[cfg(any(feature = "postgres", feature = "mysql"))]
impl GivenUp {
    /// Has a pool ask impatiently while it may be given back what was given up. At other times, which
    /// is nearly always, it asks by itself, and a second time would cost a second round trip.
    pub(super) fn is_asked_of(&self, options: &mut ConnectOptions) {
        #[cfg(feature = "postgres")]
        {
            let given_up = self.clone();
            options.map_sqlx_postgres_pool_opts(move |pool| {
                let given_up = given_up.clone();
                pool.after_release(move |connection, _| given_up.is_whole(connection))
            });
        }
        #[cfg(feature = "mysql")]
        {
            let given_up = self.clone();
            options.map_sqlx_mysql_pool_opts(move |pool| {
                let given_up = given_up.clone();
                pool.after_release(move |connection, _| given_up.is_whole(connection))
            });
        }
    }

    fn is_whole<'c>(
        &self,
        connection: &'c mut impl Connection,
    ) -> Pin<Box<dyn Future<Output = Result<bool, Error>> + Send + 'c>> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() > LATELY) {
            return Box::pin(std::future::ready(Ok(true)));
        }
        Box::pin(async move {
            match timeout(SILENCE, connection.ping()).await {
                Ok(pinged) => pinged.map(|()| true),
                // An error, so that it is ended without asking it again.
                Err(_) => Err(Error::Io(std::io::ErrorKind::TimedOut.into())),
            }
        })
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
                        given_up.drop(asked);
                    }
                });
            }
            _ => given_up.drop(asked),
        }
    }
}
