//! A wire that can be cut.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What happens to the next request on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It does not arrive, and the connection ends.
    Request,
    /// It arrives, the server answers, and the connection ends before the answer is through.
    Reply,
    /// It arrives, and the answer never comes.
    Silence,
}

/// Hands on bytes between clients and one server, and counts round trips.
pub struct Proxy {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    next: Mutex<Option<Cut>>,
    round_trips: AtomicUsize,
}

impl Proxy {
    /// In front of a server on this port of the loopback.
    ///
    /// # Panics
    ///
    /// When there is no free port.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
        let port = listener.local_addr().expect("it has an address").port();
        let shared = Arc::new(Shared::default());
        let of_all = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
                Wire::lay(client, server, Arc::clone(&of_all));
            }
        });
        Self { port, shared }
    }

    /// Where it listens, on the loopback.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Has the next request fail in this way, once.
    ///
    /// # Panics
    ///
    /// When a task of the proxy has.
    pub fn cut(&self, cut: Cut) {
        *self.shared.next.lock().expect("nobody panics under the lock") = Some(cut);
    }

    /// How often a client has asked after a server had answered, or first.
    #[must_use]
    pub fn round_trips(&self) -> usize {
        self.shared.round_trips.load(Ordering::SeqCst)
    }
}

/// One connection.
struct Wire {
    shared: Arc<Shared>,
    /// Whether the last that was heard is an answer.
    answered: AtomicBool,
    /// What becomes of the answer that is awaited.
    reply: Mutex<Option<Cut>>,
    end: watch::Sender<bool>,
}

impl Wire {
    fn lay(client: TcpStream, server: TcpStream, shared: Arc<Shared>) {
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let ((from_client, to_client), (from_server, to_server)) =
            (client.into_split(), server.into_split());
        let wire = Arc::new(Self {
            shared,
            answered: AtomicBool::new(true),
            reply: Mutex::new(None),
            end: watch::channel(false).0,
        });
        tokio::spawn(Arc::clone(&wire).hand_on(from_client, to_server, true));
        tokio::spawn(wire.hand_on(from_server, to_client, false));
    }

    async fn hand_on(self: Arc<Self>, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, asks: bool) {
        let mut end = self.end.subscribe();
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let read = tokio::select! {
                read = from.read(&mut bytes) => read.unwrap_or(0),
                _ = end.changed() => 0,
            };
            if read == 0 || !self.passes(asks) {
                break;
            }
            if *self.reply.lock().expect("nobody panics under the lock") == Some(Cut::Silence)
                && !asks
            {
                continue;
            }
            if to.write_all(&bytes[..read]).await.is_err() {
                break;
            }
        }
        // Both directions end together.
        self.end.send_replace(true);
    }

    fn passes(&self, asks: bool) -> bool {
        let mut reply = self.reply.lock().expect("nobody panics under the lock");
        if !asks {
            self.answered.store(true, Ordering::SeqCst);
            return *reply != Some(Cut::Reply);
        }
        if self.answered.swap(false, Ordering::SeqCst) {
            self.shared.round_trips.fetch_add(1, Ordering::SeqCst);
        }
        match self.shared.next.lock().expect("nobody panics under the lock").take() {
            Some(Cut::Request) => return false,
            Some(cut) => *reply = Some(cut),
            None => {}
        }
        true
    }
}
