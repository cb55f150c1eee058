//! The connection to one server, which is there again when the server is.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use redis::{Cmd, Value};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

use super::connect::{Connection, Connector};
use super::failure::Failure;
use super::question::Terms;
use super::url::Node;

/// How long a server that could not be reached is left alone; meanwhile calls fail at once.
const REST: Duration = Duration::from_millis(50);
/// How long connecting may take at least, though whoever asked first is less patient.
const PATIENCE: Duration = Duration::from_secs(2);

/// One server, and the connection to it that all calls share.
pub(super) struct Link {
    node: Node,
    connector: Arc<Connector>,
    current: Mutex<Current>,
    /// Held by whoever waits for a new connection, so that others wait for the same.
    connecting: tokio::sync::Mutex<Option<Attempt>>,
}

/// A connection in the making. It outlives whoever gives up waiting for it: else a server that takes
/// longer to connect to than its callers wait would never be used.
struct Attempt {
    task: JoinHandle<Result<Connection, Failure>>,
    until: Instant,
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
    ///
    /// Where replicas matter the last command has a connection of its own, since waiting holds the
    /// line up; what they have to say is one reply more, if it has written anything.
    pub(super) async fn send(
        &self,
        commands: &[Cmd],
        terms: &Terms,
    ) -> Result<Vec<Value>, Failure> {
        let until = terms.until;
        let Some(replicas) = terms.replicas else {
            let connection = match self.known() {
                Some(known) => known?,
                // Seldom needed, and too large to be a part of every call.
                None => Box::pin(self.connection(until)).await?,
            };
            return self.ask(&connection, commands, until).await;
        };
        let connection = Box::pin(self.connect(until)).await?;
        let mut replies = self.ask(&connection, commands, until).await?;
        if let Some(Value::Int(_)) = replies.last() {
            replies.extend(self.ask(&connection, &[replicas.wait()], until).await?);
        }
        Ok(replies)
    }

    async fn ask(
        &self,
        connection: &Connection,
        commands: &[Cmd],
        until: Instant,
    ) -> Result<Vec<Value>, Failure> {
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
        self.forget(connection);
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
        let Ok(mut connecting) = timeout_at(until, self.connecting.lock()).await else {
            return Err(late());
        };
        if let Some(known) = self.known() {
            return known;
        }
        let connected = loop {
            let was_over = connecting.as_ref().is_some_and(Attempt::is_over);
            let attempt = connecting.get_or_insert_with(|| self.begin(until));
            let Ok(connected) = timeout_at(until, attempt.end()).await else {
                return Err(late());
            };
            *connecting = None;
            // What failed before we came says how the server was, and not how it is.
            if !was_over || connected.as_ref().is_ok_and(|connection| !connection.is_ended()) {
                break connected;
            }
        };
        *self.current() = match &connected {
            Ok(connection) => Current::Connected(connection.clone()),
            Err(failure) => Current::Failed(Instant::now(), failure.clone()),
        };
        connected
    }

    fn begin(&self, until: Instant) -> Attempt {
        let until = until.max(Instant::now() + PATIENCE);
        let (connector, node) = (Arc::clone(&self.connector), self.node.clone());
        Attempt { task: tokio::spawn(Box::pin(connect(connector, node, until))), until }
    }

    async fn connect(&self, until: Instant) -> Result<Connection, Failure> {
        connect(Arc::clone(&self.connector), self.node.clone(), until).await
    }
}

impl Attempt {
    /// Also when the runtime that it was begun on stands still.
    fn is_over(&self) -> bool {
        self.task.is_finished() || self.until < Instant::now()
    }

    async fn end(&mut self) -> Result<Connection, Failure> {
        match timeout_at(self.until + REST, &mut self.task).await {
            Ok(Ok(connected)) => connected,
            Ok(Err(_)) => Err(Failure::unsent("connecting to the Redis server was interrupted")),
            Err(_) => Err(late()),
        }
    }
}

async fn connect(
    connector: Arc<Connector>,
    node: Node,
    until: Instant,
) -> Result<Connection, Failure> {
    timeout_at(until, connector.connect(&node)).await.unwrap_or_else(|_| Err(late()))
}

fn late() -> Failure {
    Failure::unsent("the Redis server cannot be reached in time")
}
