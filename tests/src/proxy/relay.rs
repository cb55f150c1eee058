//! One connection through the proxy.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::watch;

use super::{Cut, Faults, Way};

/// How often it is looked whether bytes are still held.
const POLL: Duration = Duration::from_millis(1);
/// In so many pieces a chunk of bytes dribbles, each after so long.
const PIECES: usize = 8;
const PAUSE: Duration = Duration::from_micros(50);

pub(super) struct Wire {
    faults: Arc<Faults>,
    /// Whether the last that was heard is an answer.
    answered: AtomicBool,
    /// What becomes of the answer that is awaited.
    reply: Mutex<Option<Cut>>,
    end: watch::Sender<bool>,
}

/// What becomes of a chunk of bytes.
enum Fate {
    Passes,
    Vanishes,
    /// So many bytes pass, and the connection ends.
    Ends(usize),
}

impl Wire {
    pub(super) fn lay(client: TcpStream, server: TcpStream, faults: Arc<Faults>) {
        let _ = (client.set_nodelay(true), server.set_nodelay(true));
        let ((from_client, to_client), (from_server, to_server)) =
            (client.into_split(), server.into_split());
        let wire = Arc::new(Self {
            faults,
            answered: AtomicBool::new(true),
            reply: Mutex::new(None),
            end: watch::channel(false).0,
        });
        tokio::spawn(Arc::clone(&wire).hand_on(from_client, to_server, Way::Request));
        tokio::spawn(wire.hand_on(from_server, to_client, Way::Reply));
    }

    async fn hand_on(self: Arc<Self>, from: OwnedReadHalf, to: OwnedWriteHalf, way: Way) {
        let mut end = self.end.subscribe();
        tokio::select! {
            _ = end.wait_for(|ended| *ended) => {}
            _ = self.relay(from, to, way) => {}
        }
        // Both directions end together.
        self.end.send_replace(true);
    }

    async fn relay(
        &self,
        mut from: OwnedReadHalf,
        mut to: OwnedWriteHalf,
        way: Way,
    ) -> std::io::Result<()> {
        let mut bytes = vec![0; 64 * 1024];
        loop {
            let read = from.read(&mut bytes).await?;
            if read == 0 {
                return Ok(());
            }
            match self.fate(way, read) {
                Fate::Passes => self.pass_on(&mut to, &bytes[..read], way).await?,
                Fate::Vanishes => self.faults.disturb(),
                Fate::Ends(passing) => {
                    self.faults.cuts.fetch_add(1, Ordering::SeqCst);
                    return to.write_all(&bytes[..passing]).await;
                }
            }
        }
    }

    fn fate(&self, way: Way, read: usize) -> Fate {
        let mut script = self.faults.script();
        if let Some((severed, left)) = &mut script.severed
            && *severed == way
        {
            if *left < read {
                let passing = *left;
                script.severed = None;
                return Fate::Ends(passing);
            }
            *left -= read;
        }
        let mut reply = self.reply.lock().expect("nobody panics under the lock");
        if way == Way::Reply {
            self.answered.store(true, Ordering::SeqCst);
            return match *reply {
                Some(Cut::Reply) => Fate::Ends(0),
                Some(Cut::Silence) => Fate::Vanishes,
                _ => Fate::Passes,
            };
        }
        if !self.answered.swap(false, Ordering::SeqCst) {
            return Fate::Passes;
        }
        self.faults.round_trips.fetch_add(1, Ordering::SeqCst);
        match &mut script.cut {
            Some((number, _)) if *number > 1 => *number -= 1,
            Some((_, Cut::Request)) => {
                script.cut = None;
                return Fate::Ends(0);
            }
            due => *reply = due.take().map(|(_, cut)| cut).or(*reply),
        }
        Fate::Passes
    }

    async fn pass_on(
        &self,
        to: &mut OwnedWriteHalf,
        bytes: &[u8],
        way: Way,
    ) -> std::io::Result<()> {
        let manner = || *self.faults.script().manner(way);
        let delay = manner().delay;
        // Counted before it waits: the client may hang up meanwhile.
        if !delay.is_zero() {
            self.faults.disturb();
            tokio::time::sleep(delay).await;
        }
        if manner().held {
            self.faults.disturb();
        }
        while manner().held {
            tokio::time::sleep(POLL).await;
        }
        if !manner().dribbles {
            return to.write_all(bytes).await;
        }
        self.faults.disturb();
        for piece in bytes.chunks(bytes.len().div_ceil(PIECES)) {
            to.write_all(piece).await?;
            tokio::time::sleep(PAUSE).await;
        }
        Ok(())
    }
}
