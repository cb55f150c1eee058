use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::recipe::{Place, Ready, Recipe};
use super::{Kind, install};
use crate::program;

/// memcached, which has neither files nor accounts.
pub(super) struct Memcached {
    server: PathBuf,
}

impl Memcached {
    pub(super) fn find_or_install() -> Result<Self> {
        let find = || program::find("memcached", &["/usr/bin".into()]);
        if find().is_none() {
            install::packages(Kind::Memcached.name(), &["memcached"])?;
        }
        let server = find().context("the package memcached has brought no memcached")?;
        Ok(Self { server })
    }
}

impl Recipe for Memcached {
    fn kind(&self) -> Kind {
        Kind::Memcached
    }

    fn initialise(&self, _: &Place<'_>) -> Result<()> {
        Ok(())
    }

    fn serve(&self, place: &Place<'_>, port: u16) -> Result<Command> {
        let mut command = place.account.command(&self.server, place.folder, "KILL");
        command.args(["-l", "127.0.0.1", "-p", &port.to_string(), "-U", "0"]);
        // Items may be larger than by default, as the contract of a store asks for.
        command.args(["-m", "256", "-I", "4m", "-c", "1024"]);
        Ok(command)
    }

    fn ready(&self) -> Ready {
        Ready::Port
    }

    fn end(&self) -> &'static [(Signal, Duration)] {
        const STEPS: &[(Signal, Duration)] =
            &[(Signal::TERM, Duration::from_secs(5)), (Signal::KILL, Duration::from_secs(5))];
        STEPS
    }

    fn url(&self, _: &Place<'_>, port: u16) -> String {
        format!("memcached://127.0.0.1:{port}/")
    }
}
