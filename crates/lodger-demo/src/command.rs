//! What the command line asks for.

use std::net::IpAddr;
use std::sync::Arc;

use anyhow::{Result, bail};
use lodger::{DateStorage, KeyRing, Settings};
use tracing_subscriber::EnvFilter;

use crate::arguments::{Arguments, Command};
use crate::journal::Journal;
use crate::store::{self, Description};
use crate::store_url::StoreUrl;
use crate::{secret_file, server, site, weak_key};

/// What is logged unless `RUST_LOG` says otherwise.
const FILTER: &str = "warn,lodger=info,lodger_demo=info";

pub(crate) async fn run(arguments: Arguments) -> Result<()> {
    log();
    match arguments.command {
        Some(Command::ClearExpired) => clear_expired(&arguments).await,
        None => serve(&arguments).await,
    }
}

/// Says on one line why the program ends.
#[expect(clippy::print_stderr, reason = "the last word of a command line program")]
pub(crate) fn complain(error: &anyhow::Error) {
    eprintln!("lodger-demo: {error:#}");
}

/// Logs go to the error output: the other one holds the address and nothing else.
fn log() {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(FILTER));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

async fn serve(arguments: &Arguments) -> Result<()> {
    let url = arguments.store()?;
    let key = secret_key(arguments, &url)?;
    refuse_weak_keys(arguments, &key)?;
    let keys = key_ring(arguments, &key)?;
    let listener = server::bind(arguments.address, arguments.port).await?;

    let journal = Arc::new(Journal::default());
    let engine = store::engine(&url, keys, settings(arguments), Arc::clone(&journal)).await?;
    let description = Description::of(&url);
    tracing::info!("sessions are kept in {description}; durability {}", description.durability());
    server::serve(listener, site::router(engine, journal, description)).await
}

#[expect(clippy::print_stdout, reason = "the answer to the command")]
async fn clear_expired(arguments: &Arguments) -> Result<()> {
    let url = arguments.store()?;
    let keys = || key_ring(arguments, &secret_key(arguments, &url)?);
    let removed = store::clear_expired(&url, keys, &settings(arguments)).await?;
    println!("{removed} expired sessions removed");
    Ok(())
}

fn secret_key(arguments: &Arguments, url: &StoreUrl) -> Result<String> {
    match &arguments.secret_key {
        Some(key) => Ok(key.clone()),
        None => secret_file::open_or_create(&url.directory()),
    }
}

fn key_ring(arguments: &Arguments, key: &str) -> Result<KeyRing> {
    Ok(KeyRing::new(key)?.with_fallbacks(arguments.fallbacks()))
}

fn settings(arguments: &Arguments) -> Settings {
    let mut settings = Settings::default();
    // Served on plain loopback, where a browser need not send back a secure cookie.
    settings.cookie_secure = arguments.https;
    settings.date_storage = date_storage(arguments);
    settings
}

fn date_storage(arguments: &Arguments) -> DateStorage {
    arguments.time_zone.map_or(DateStorage::Utc, |zone| DateStorage::Local(Arc::new(zone)))
}

/// A key that can be guessed lets anybody forge any session, so only this machine may be served
/// with one. A fallback is believed too.
fn refuse_weak_keys(arguments: &Arguments, key: &str) -> Result<()> {
    let keys = std::iter::once(("the secret key", key))
        .chain(arguments.fallbacks().map(|key| ("a fallback of the secret key", key)));
    for (which, key) in keys {
        let Some(weakness) = weak_key::weakness(key) else { continue };
        if let Some(place) = public_place(arguments) {
            bail!(
                "{which} is too weak to serve {place}: {weakness}; take a random one of 50 characters or more"
            );
        }
        tracing::warn!("{which} is weak: {weakness}; it serves on this machine only");
    }
    Ok(())
}

/// Where others can reach the site. Behind a proxy they can, though we listen on loopback.
fn public_place(arguments: &Arguments) -> Option<String> {
    if !is_loopback(arguments.address) {
        Some(format!("on {}", arguments.address))
    } else if arguments.https {
        Some("behind a proxy that speaks HTTPS".to_owned())
    } else {
        None
    }
}

fn is_loopback(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_this_machine_is_loopback() {
        for address in ["127.0.0.1", "127.1.2.3", "::1", "::ffff:127.0.0.1"] {
            assert!(is_loopback(address.parse().unwrap()), "{address}");
        }
        for address in ["0.0.0.0", "::", "192.168.1.1", "::ffff:10.0.0.1"] {
            assert!(!is_loopback(address.parse().unwrap()), "{address}");
        }
    }
}
