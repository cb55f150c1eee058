//! Another process that serves a shared site on the loopback, for tests.
//!
//! Its argument is the store's address as JSON. It prints a line with where it listens, and ends with
//! its standard input: it outlives nobody who started it.
#![expect(clippy::print_stdout, reason = "another process reads it")]

use std::io::Read;

use anyhow::{Context, Result};
use lodger_tests::shared_site::{StoreAddress, patient, serve, site};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<()> {
    std::thread::spawn(|| {
        // An error is an end, too.
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        std::process::exit(0);
    });
    let address = std::env::args().nth(1).context("the store's address is missing")?;
    let address: StoreAddress = serde_json::from_str(&address)?;
    let settings = patient();
    let site = site(address.open(&settings).await?, &settings)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    serve(listener, site).await
}
