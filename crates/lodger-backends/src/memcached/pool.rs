//! The connections to one server.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use lodger_core::StoreError;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Instant, timeout_at};

use super::address::Address;
use super::connection::{Broken, Connection, Reply};
use super::failure::{Asked, busy, late, lost, refused, unreachable};
use super::mark::Boot;

/// Connections to one server, at most so many at a time, made when they are needed.
pub(super) struct Pool {
    address: Address,
    permits: Semaphore,
    idle: Mutex<Vec<Connection>>,
}

/// What is asked of a server, and how.
pub(super) struct Request {
    pub(super) bytes: Vec<u8>,
    pub(super) asked: Asked,
    /// Whether a reply is one to this request.
    pub(super) answers: fn(&Reply) -> bool,
    /// The process that is meant; another one is not asked.
    pub(super) boot: Option<Boot>,
    /// How long it may take in all.
    pub(super) deadline: Duration,
    /// The longest value that is read.
    pub(super) longest: usize,
}

/// A connection in use; dropping it closes the connection.
struct Held<'a> {
    connection: Connection,
    /// Whether it has served before, so that the server may have gone meanwhile.
    used: bool,
    _permit: SemaphorePermit<'a>,
}

impl Pool {
    pub(super) fn new(address: Address, connections: usize) -> Self {
        let permits = Semaphore::new(connections.clamp(1, Semaphore::MAX_PERMITS));
        Self { address, permits, idle: Mutex::default() }
    }

    /// Asks, and gives the reply; `None` when another process is there than the one that is meant.
    pub(super) async fn ask(&self, request: &Request) -> Result<Option<Reply>, StoreError> {
        let Request { bytes, asked, answers, boot, deadline, longest } = request;
        let asked = *asked;
        let deadline = Instant::now() + *deadline;
        loop {
            let held = timeout_at(deadline, self.take()).await;
            let mut held = held.map_err(|_| busy())?.map_err(unreachable)?;
            if boot.is_some_and(|meant| meant != held.connection.boot()) {
                self.give_back(held);
                return Ok(None);
            }
            match timeout_at(deadline, held.connection.ask(bytes, *longest)).await {
                // A server that refuses a command may take what follows it for another one.
                Ok(Ok(Reply::Refused(refusal))) => return Err(refused(refusal, asked)),
                // Another's answer, perhaps, and ours is still to come.
                Ok(Ok(reply)) if !answers(&reply) => return Err(lost(Broken::Foreign, asked)),
                Ok(Ok(reply)) => {
                    self.give_back(held);
                    return Ok(Some(reply));
                }
                // Reading again does no harm, and another connection may be a whole one.
                Ok(Err(Broken::Io(_))) if asked == Asked::Read && held.used => {}
                Ok(Err(broken)) => return Err(lost(broken, asked)),
                Err(_) => return Err(late(asked)),
            }
        }
    }

    async fn take(&self) -> Result<Held<'_>, Broken> {
        let permit = self.permits.acquire().await.expect("the semaphore is never closed");
        while let Some(connection) = self.pop() {
            if connection.is_quiet() {
                return Ok(Held { connection, used: true, _permit: permit });
            }
        }
        let connection = Connection::open(&self.address).await?;
        Ok(Held { connection, used: false, _permit: permit })
    }

    fn pop(&self) -> Option<Connection> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    fn give_back(&self, held: Held<'_>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(held.connection);
    }
}
