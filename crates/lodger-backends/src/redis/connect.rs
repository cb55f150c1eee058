//! Making a connection.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisConnectionInfo};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::failure::{Failure, turned_away, unreachable};
use super::silence::Silence;
use super::tls;
use super::url::Node;

/// Makes connections to any server that this login is good for.
pub(super) struct Connector {
    login: RedisConnectionInfo,
    encryption: Option<Encryption>,
}

struct Encryption {
    roots: Option<RootCertStore>,
    /// Made when first needed: the machine's roots are files to be read.
    client: OnceLock<Arc<ClientConfig>>,
}

/// A connection that any number of calls share.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) redis: MultiplexedConnection,
    pub(super) silence: Arc<Silence>,
    ended: Arc<AtomicBool>,
}

impl Connection {
    /// Whether it is known to be broken, or silent for so long that it will be.
    pub(super) fn is_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire) || self.silence.is_too_long()
    }

    pub(super) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.ended, &other.ended)
    }
}

/// Says so when whoever reads a connection has stopped, also with the runtime it ran on.
struct End(Arc<AtomicBool>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

impl Connector {
    pub(super) fn new(login: RedisConnectionInfo, has_tls: bool) -> Self {
        let encryption = has_tls.then(|| Encryption { roots: None, client: OnceLock::new() });
        Self { login, encryption }
    }

    /// With these roots in place of the machine's; without TLS they are of no use.
    pub(super) fn with_roots(&self, roots: RootCertStore) -> Self {
        let encryption = self.encryption.as_ref();
        let trusting = |_| Encryption { roots: Some(roots), client: OnceLock::new() };
        Self { login: self.login.clone(), encryption: encryption.map(trusting) }
    }

    /// Connects and logs in.
    pub(super) async fn connect(&self, node: &Node) -> Result<Connection, Failure> {
        let stream = TcpStream::connect((node.host.as_str(), node.port)).await;
        let stream = stream.map_err(|error| unreachable(&error))?;
        // Requests are small, and each is waited for.
        stream.set_nodelay(true).map_err(|error| unreachable(&error))?;
        let Some(encryption) = &self.encryption else { return self.log_in(stream).await };
        let name = ServerName::try_from(node.host.clone())
            .map_err(|_| Failure::unsent("the name of the Redis server is none for TLS"))?;
        let client = encryption.client().await?;
        let stream = TlsConnector::from(client).connect(name, stream).await;
        self.log_in(stream.map_err(|error| unreachable(&error))?).await
    }

    async fn log_in(
        &self,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Connection, Failure> {
        // Each call has a deadline of its own.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let made = MultiplexedConnection::new_with_config(&self.login, stream, config).await;
        let (redis, driver) = made.map_err(|error| turned_away(&error))?;
        let ended = Arc::new(AtomicBool::new(false));
        let end = End(Arc::clone(&ended));
        // It ends with the last clone of the connection, or when that breaks.
        tokio::spawn(async move {
            let _end = end;
            driver.await;
        });
        Ok(Connection { redis, silence: Arc::default(), ended })
    }
}

impl Encryption {
    async fn client(&self) -> Result<Arc<ClientConfig>, Failure> {
        if let Some(client) = self.client.get() {
            return Ok(Arc::clone(client));
        }
        let roots = match &self.roots {
            Some(roots) => roots.clone(),
            None => tokio::task::spawn_blocking(tls::native_roots)
                .await
                .map_err(|_| Failure::unsent("the machine's certificates cannot be read"))??,
        };
        let client = tls::client(roots)?;
        Ok(Arc::clone(self.client.get_or_init(|| client)))
    }
}
