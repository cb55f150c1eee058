//! The connection to one server, which is there again when the server is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::time::{Instant, timeout_at};

use super::connect::{Connection, Connector};
use super::failure::Failure;
use super::question::Line;
use super::url::Node;

/// How long a server that could not be reached is left alone; meanwhile calls fail at once.
const REST: Duration = Duration::from_millis(50);

/// One server, and the connection to it that all calls share.
pub(super) struct Link {
    node: Node,
    connector: Arc<Connector>,
    current: Mutex<Current>,
    /// Held by whoever connects, so that others wait for the same connection.
    connecting: tokio::sync::Mutex<()>,
}

enum Current {
    Unasked,
    Connected(Connection),
    Failed(Instant, Failure),
}

impl Link {
    pub(super) fn new(node: Node, connector: Arc<Connector>) -> Self {
        let current = Mutex::new(Current::Unasked);
        Self { node, connector, current, connecting: tokio::sync::Mutex::default() }
    }

    pub(super) fn node(&self) -> &Node {
        &self.node
    }

    pub(super) fn is_connected(&self) -> bool {
        matches!(&*self.current(), Current::Connected(connection) if !connection.is_ended())
    }

    /// Sends commands once, and waits for their replies. A server's error is a reply.
    pub(super) async fn send(
        &self,
        commands: &[Cmd],
        line: Line,
        until: Instant,
    ) -> Result<Vec<Value>, Failure> {
        let connection = match line {
            Line::Shared => self.connection(until).await?,
            Line::Own => self.connect(until).await?,
        };
        let mut pipeline = redis::Pipeline::with_capacity(commands.len());
        for command in commands {
            pipeline.add_command(command.clone());
        }
        let mut redis = connection.redis.clone();
        // Whoever asks may be less patient than we are, and drop all this.
        let awaited = connection.silence.asked();
        let sent = redis.send_packed_commands(&pipeline, 0, commands.len());
        let lost = match timeout_at(until, sent).await {
            Ok(Ok(replies)) if replies.len() == commands.len() => {
                awaited.here();
                return Ok(replies);
            }
            Ok(_) => "the connection to the Redis server broke",
            // A connection may be dead and nobody told us.
            Err(_) => "the Redis server did not answer in time",
        };
        self.forget(&connection);
        Err(Failure::lost(lost))
    }

    /// Has the next call connect anew, perhaps to another server that has the name now.
    pub(super) fn renew(&self) {
        *self.current() = Current::Unasked;
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, connection: &Connection) {
        let mut current = self.current();
        if matches!(&*current, Current::Connected(held) if held.is(connection)) {
            *current = Current::Unasked;
        }
    }

    /// What can be said without connecting.
    fn known(&self) -> Option<Result<Connection, Failure>> {
        match &*self.current() {
            Current::Connected(connection) if !connection.is_ended() => {
                Some(Ok(connection.clone()))
            }
            Current::Failed(at, failure) if at.elapsed() < REST => Some(Err(failure.clone())),
            _ => None,
        }
    }

    async fn connection(&self, until: Instant) -> Result<Connection, Failure> {
        if let Some(known) = self.known() {
            return known;
        }
        let Ok(_alone) = timeout_at(until, self.connecting.lock()).await else {
            return Err(late());
        };
        if let Some(known) = self.known() {
            return known;
        }
        let connected = self.connect(until).await;
        *self.current() = match &connected {
            Ok(connection) => Current::Connected(connection.clone()),
            Err(failure) => Current::Failed(Instant::now(), failure.clone()),
        };
        connected
    }

    async fn connect(&self, until: Instant) -> Result<Connection, Failure> {
        timeout_at(until, self.connector.connect(&self.node)).await.unwrap_or_else(|_| Err(late()))
    }
}

fn late() -> Failure {
    Failure::unsent("the Redis server cannot be reached in time")
}
