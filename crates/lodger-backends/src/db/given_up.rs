//! Connections whose answers nobody waited for.
//!
//! A pool asks a connection that it gets back whether it is whole, and waits for the answer as long as
//! the connection lasts. One that has fallen silent would be a place less in the pool until the kernel
//! notices, which takes minutes: after as many such calls as there are places no more is answered.

use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sea_orm::sqlx::{Connection, Error};
use sea_orm::{
    ConnectOptions, ConnectionTrait, DatabaseConnection, DbErr, ExecResult, QueryResult,
    StatementBuilder,
};
use tokio::time::{Instant, timeout};

/// How long a connection may take to say that it is whole, after a call was given up.
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

/// Dropped before it is done with, its call was given up.
struct Call<'a> {
    given_up: &'a GivenUp,
    is_done: bool,
}

impl GivenUp {
    /// Has a pool ask impatiently while it may be given back what was given up. At other times, which
    /// is nearly always, it asks by itself, and a second time would cost a second round trip.
    pub(super) fn is_asked_of(&self, options: &mut ConnectOptions) {
        let given_up = self.clone();
        options.map_sqlx_postgres_pool_opts(move |pool| {
            let given_up = given_up.clone();
            pool.after_release(move |connection, _| given_up.is_whole(connection))
        });
        let given_up = self.clone();
        options.map_sqlx_mysql_pool_opts(move |pool| {
            let given_up = given_up.clone();
            pool.after_release(move |connection, _| given_up.is_whole(connection))
        });
    }

    fn is_whole<'c>(
        &self,
        connection: &'c mut impl Connection,
    ) -> Pin<Box<dyn Future<Output = Result<bool, Error>> + Send + 'c>> {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() > PATIENCE) {
            return Box::pin(std::future::ready(Ok(true)));
        }
        Box::pin(async move {
            match timeout(PATIENCE, connection.ping()).await {
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
        self.watch(self.db.query_one(statement)).await
    }

    pub(super) async fn execute(
        &self,
        statement: &impl StatementBuilder,
    ) -> Result<ExecResult, DbErr> {
        self.watch(self.db.execute(statement)).await
    }

    async fn watch<T>(&self, asked: impl Future<Output = T>) -> T {
        let asked = pin!(asked);
        // Dropped before what is asked, and so before the pool has the connection back.
        let mut call = Call { given_up: &self.given_up, is_done: false };
        let answer = asked.await;
        call.is_done = true;
        answer
    }
}

impl Drop for Call<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            *self.given_up.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        }
    }
}
