//! A wire between a client and its server that counts, delays, holds, and can be cut at any byte.

mod relay;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};

use relay::Wire;

/// In which direction bytes go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Reply,
}

/// What happens to a request on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// It does not arrive, and the connection ends.
    Request,
    /// It arrives, the server answers, and the connection ends before the answer is through.
    Reply,
    /// It arrives, and the answer never comes.
    Silence,
}

/// Hands on bytes between clients and one server, counts round trips, and disturbs if it is told to.
pub struct Proxy {
    port: u16,
    faults: Arc<Faults>,
}

/// What a proxy's connections share.
#[derive(Default)]
struct Faults {
    round_trips: AtomicU64,
    cuts: AtomicU64,
    disturbed: AtomicU64,
    script: Mutex<Script>,
}

/// What is to happen.
#[derive(Clone, Copy, Default)]
struct Script {
    /// The so-manieth of the next round trips fails in this way.
    cut: Option<(u64, Cut)>,
    /// After so many more bytes this way, the connection that carries them ends.
    severed: Option<(Way, usize)>,
    requests: Manner,
    replies: Manner,
}

/// How bytes go one way.
#[derive(Clone, Copy, Default)]
struct Manner {
    held: bool,
    dribbles: bool,
    delay: Duration,
}

impl Faults {
    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().expect("nobody panics under the lock")
    }

    fn disturb(&self) {
        self.disturbed.fetch_add(1, Ordering::SeqCst);
    }
}

impl Script {
    const fn manner(&mut self, way: Way) -> &mut Manner {
        match way {
            Way::Request => &mut self.requests,
            Way::Reply => &mut self.replies,
        }
    }
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
        let faults = Arc::new(Faults::default());
        let of_all = Arc::clone(&faults);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(("127.0.0.1", server)).await else { continue };
                Wire::lay(client, server, Arc::clone(&of_all));
            }
        });
        Self { port, faults }
    }

    /// Where it listens, on the loopback.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// A server's URL with the proxy's address in place of the server's.
    ///
    /// # Panics
    ///
    /// When the URL names no port.
    #[must_use]
    pub fn in_place_of(&self, url: &str) -> String {
        let (scheme, rest) = url.split_once("://").expect("a URL has a scheme");
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, _) = authority.rsplit_once('@').map_or(("", ""), |(user, host)| (user, host));
        let at = if user.is_empty() { "" } else { "@" };
        format!("{scheme}://{user}{at}127.0.0.1:{}/{path}", self.port)
    }

    /// How many round trips there were since this was asked last: how often a client has asked after a
    /// server had answered, or first.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.faults.round_trips.swap(0, Ordering::SeqCst)
    }

    /// How many connections it has ended so far.
    #[must_use]
    pub fn cuts(&self) -> u64 {
        self.faults.cuts.load(Ordering::SeqCst)
    }

    /// How often it has held up, divided or swallowed a chunk of bytes so far.
    #[must_use]
    pub fn disturbed(&self) -> u64 {
        self.faults.disturbed.load(Ordering::SeqCst)
    }

    /// Has the next request fail in this way, once.
    pub fn cut(&self, cut: Cut) {
        self.cut_at(1, cut);
    }

    /// Has the so-manieth of the next round trips fail in this way, once.
    pub fn cut_at(&self, number: u64, cut: Cut) {
        self.faults.script().cut = Some((number, cut));
    }

    /// Ends the connection that would carry the byte after the next `bytes` this way, once.
    pub fn sever_after(&self, way: Way, bytes: usize) {
        self.faults.script().severed = Some((way, bytes));
    }

    /// Takes [`sever_after`](Self::sever_after) back; whether it had happened.
    #[must_use]
    pub fn severed(&self) -> bool {
        self.faults.script().severed.take().is_none()
    }

    /// Holds all bytes this way back, or no longer.
    pub fn hold(&self, way: Way, holds: bool) {
        self.faults.script().manner(way).held = holds;
    }

    /// Passes bytes this way on in pieces, each after a moment, or no longer.
    pub fn dribble(&self, way: Way, dribbles: bool) {
        self.faults.script().manner(way).dribbles = dribbles;
    }

    /// Passes bytes this way on after so long.
    pub fn delay(&self, way: Way, delay: Duration) {
        self.faults.script().manner(way).delay = delay;
    }
}
