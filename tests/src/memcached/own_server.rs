//! A server that one test starts, starves and ends.

use std::io::ErrorKind;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::process;
use crate::report::skip;

/// A memcached process on loopback; ended with this.
pub struct OwnServer {
    port: u16,
    options: Vec<String>,
    process: Option<Child>,
}

impl OwnServer {
    /// Starts one with further options; `None`, noted as a skip, if there is no such program.
    ///
    /// # Panics
    ///
    /// When it does not begin to listen.
    #[must_use]
    pub fn start(options: &[&str]) -> Option<Self> {
        let mut server = Self::not_started(options);
        match server.spawn() {
            Ok(()) => Some(server),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                skip("there is no program memcached");
                None
            }
            Err(error) => panic!("memcached cannot be started: {error}"),
        }
    }

    /// One that is still down.
    ///
    /// # Panics
    ///
    /// When no port is free.
    #[must_use]
    pub fn not_started(options: &[&str]) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port is free");
        let port = listener.local_addr().expect("it is bound").port();
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        Self { port, options, process: None }
    }

    /// Starts it, after `not_started` or `kill`.
    ///
    /// # Panics
    ///
    /// When it does not begin to listen.
    pub fn restart(&mut self) {
        self.spawn().expect("memcached can be started");
    }

    fn spawn(&mut self) -> std::io::Result<()> {
        let port = self.port.to_string();
        let mut process = Command::new("memcached")
            .args(["-l", "127.0.0.1", "-p", &port, "-U", "0", "-u", "nobody"])
            .args(&self.options)
            .stderr(Stdio::null())
            .spawn()?;
        let begun = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            assert!(process.try_wait()?.is_none(), "memcached refuses to run");
            assert!(begun.elapsed() < Duration::from_secs(10), "memcached does not listen");
            std::thread::sleep(Duration::from_millis(5));
        }
        self.process = Some(process);
        Ok(())
    }

    /// Ends it at once.
    ///
    /// # Panics
    ///
    /// When it cannot be ended.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("a process of ours can be killed");
            process.wait().expect("a process of ours can be waited for");
        }
    }

    /// Has it end as an administrator does.
    pub fn end(&mut self) {
        if let Some(process) = self.process.take() {
            process::end(process, "-TERM");
        }
    }

    /// The port it listens on.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// What a store connects to.
    #[must_use]
    pub fn url(&self) -> String {
        format!("memcached://127.0.0.1:{}/", self.port)
    }
}

impl Drop for OwnServer {
    fn drop(&mut self) {
        self.kill();
    }
}
