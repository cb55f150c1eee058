//! The other process.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use lodger_tests::shared_site::StoreAddress;
use tokio::time::timeout;

/// The program `web_process` of this package.
const PROGRAM: &str = env!("CARGO_BIN_EXE_web_process");

/// How long it may take to say where it listens.
const PATIENCE: Duration = Duration::from_secs(60);

/// A process that serves a shared site. Dropping it kills it; without its test it ends by itself.
pub(super) struct WebProcess {
    child: Child,
    address: SocketAddr,
}

impl WebProcess {
    /// Starts it, and waits until it listens.
    pub(super) async fn start(store: &StoreAddress) -> Self {
        let store = serde_json::to_string(store).unwrap();
        let mut command = Command::new(PROGRAM);
        command.arg(store).stdin(Stdio::piped()).stdout(Stdio::piped());
        // Until it has said where it listens, it is ended by whatever ends the wait.
        let mut process = Self {
            child: command.spawn().unwrap(),
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
        };
        let output = process.child.stdout.take().unwrap();
        let line = timeout(PATIENCE, tokio::task::spawn_blocking(move || first_line(output)));
        process.address = line.await.expect("it says where it listens").unwrap();
        process
    }

    pub(super) const fn address(&self) -> SocketAddr {
        self.address
    }
}

fn first_line(output: ChildStdout) -> SocketAddr {
    let mut line = String::new();
    BufReader::new(output).read_line(&mut line).unwrap();
    line.trim().parse().expect("the process listens")
}

impl Drop for WebProcess {
    fn drop(&mut self) {
        // An error means that it has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
