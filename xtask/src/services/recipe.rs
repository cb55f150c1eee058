use std::fs::{self, File};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Result, bail};
use rustix::process::Signal;

use super::Kind;
use super::account::Account;
use crate::process;

/// What differs between the servers. Every recipe has the same steps, in this order.
pub(super) trait Recipe {
    fn kind(&self) -> Kind;

    /// Makes the data folder, with one superuser.
    fn initialise(&self, place: &Place<'_>) -> Result<()>;

    /// The command that serves from that folder, in the foreground.
    fn serve(&self, place: &Place<'_>, port: u16) -> Result<Command>;

    /// How it is seen that the server takes connections.
    fn ready(&self) -> Ready;

    /// How to end it: each signal, and how long to wait after it.
    fn end(&self) -> &'static [(Signal, Duration)];

    /// The superuser's URL.
    fn url(&self, place: &Place<'_>, port: u16) -> String;
}

/// How it is seen that a server takes connections.
#[derive(Clone, Copy)]
pub(super) enum Ready {
    /// Its log says so, in these words.
    Log(&'static str),
    /// Its port is open.
    Port,
}

/// Where one server lives.
pub(super) struct Place<'a> {
    pub(super) account: &'a Account,
    /// Its own folder, which belongs to the account.
    pub(super) folder: &'a Path,
    pub(super) password: &'a str,
}

/// The superuser's name on every server.
pub(super) const SUPERUSER: &str = "lodger";

/// Runs a step of the initialisation; what it printed is shown only when it fails.
pub(super) fn initialise_with(place: &Place<'_>, command: &mut Command) -> Result<()> {
    let path = place.folder.join("initialisation.log");
    let log = File::create(&path)?;
    command.stdout(log.try_clone()?).stderr(log);
    let status = process::run(command)?;
    if !status.success() {
        let printed = fs::read_to_string(&path).unwrap_or_default();
        let program = command.get_program().to_string_lossy();
        bail!("could not make a data folder with {program}: {status}\n{printed}");
    }
    Ok(())
}
