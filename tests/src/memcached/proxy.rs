//! Something between a store and its server that counts and disturbs.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// Passes bytes on to a server, counts round trips, and disturbs if it is told to.
pub struct Proxy {
    port: u16,
    faults: Arc<Faults>,
}

#[derive(Default)]
struct Faults {
    round_trips: AtomicU64,
    /// The reply to which of the next round trips is lost, with the connection; 0: none.
    lost_reply: AtomicI64,
    /// Whether replies are held back.
    holds: AtomicBool,
    /// Whether replies come in pieces, each after a moment.
    dribbles: AtomicBool,
}

impl Proxy {
    /// In front of the server that listens on a port of this machine.
    ///
    /// # Panics
    ///
    /// When no port is free.
    pub async fn before(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let faults = Arc::new(Faults::default());
        let shared = Arc::clone(&faults);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let faults = Arc::clone(&shared);
                tokio::spawn(async move {
                    let server = TcpStream::connect(("127.0.0.1", server)).await?;
                    relay(client, server, &faults).await
                });
            }
        });
        Self { port, faults }
    }

    /// What a store connects to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("memcached://127.0.0.1:{}/", self.port)
    }

    /// How many round trips there were since this was asked last, the one that begins each connection
    /// included.
    #[must_use]
    pub fn round_trips(&self) -> u64 {
        self.faults.round_trips.swap(0, Ordering::SeqCst)
    }

    /// Loses the reply to the so-manieth of the next round trips, and the connection with it.
    pub fn lose_reply(&self, number: i64) {
        self.faults.lost_reply.store(number, Ordering::SeqCst);
    }

    /// Holds all replies back, or no longer.
    pub fn hold(&self, holds: bool) {
        self.faults.holds.store(holds, Ordering::SeqCst);
    }

    /// Passes replies on in pieces, or no longer.
    pub fn dribble(&self, dribbles: bool) {
        self.faults.dribbles.store(dribbles, Ordering::SeqCst);
    }
}

async fn relay(
    mut client: TcpStream,
    mut server: TcpStream,
    faults: &Faults,
) -> std::io::Result<()> {
    client.set_nodelay(true)?;
    let (mut asked, mut told) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    let (mut asking, mut loses) = (false, false);
    loop {
        tokio::select! {
            read = client.read(&mut asked) => {
                let bytes = read?;
                if bytes == 0 {
                    return Ok(());
                }
                if !asking {
                    asking = true;
                    faults.round_trips.fetch_add(1, Ordering::SeqCst);
                    let left = faults.lost_reply.fetch_sub(1, Ordering::SeqCst);
                    loses = left == 1;
                }
                server.write_all(&asked[..bytes]).await?;
            }
            read = server.read(&mut told) => {
                let bytes = read?;
                if bytes == 0 || loses {
                    return Ok(());
                }
                asking = false;
                pass_on(&mut client, &told[..bytes], faults).await?;
            }
        }
    }
}

async fn pass_on(client: &mut TcpStream, bytes: &[u8], faults: &Faults) -> std::io::Result<()> {
    while faults.holds.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    if !faults.dribbles.load(Ordering::SeqCst) {
        return client.write_all(bytes).await;
    }
    for piece in bytes.chunks(bytes.len().div_ceil(8)) {
        client.write_all(piece).await?;
        tokio::time::sleep(Duration::from_micros(50)).await;
    }
    Ok(())
}
