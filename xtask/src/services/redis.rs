use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};
use rustix::process::Signal;

use super::recipe::{Place, Ready, Recipe, SUPERUSER};
use super::{Kind, install, server};
use crate::program;

/// One Redis server, alone or a node of a Cluster.
pub(super) struct Redis {
    server: PathBuf,
    kind: Kind,
}

const CONFIGURATION: &str = "redis.conf";

impl Redis {
    pub(super) fn find_or_install(kind: Kind) -> Result<Self> {
        let find = || program::find("redis-server", &["/usr/bin".into()]);
        if find().is_none() {
            install::packages(kind.name(), &["redis-server", "redis-tools"])?;
        }
        let server = find().context("the package redis-server has brought no redis-server")?;
        Ok(Self { server, kind })
    }
}

impl Recipe for Redis {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn initialise(&self, place: &Place<'_>) -> Result<()> {
        let file = place.folder.join(CONFIGURATION);
        fs::write(&file, configuration(self.kind, place.password))?;
        place.account.own(&file)
    }

    fn serve(&self, place: &Place<'_>, port: u16) -> Result<Command> {
        let mut command = place.account.command(&self.server, place.folder, "KILL");
        command.arg(place.folder.join(CONFIGURATION)).args(["--port", &port.to_string()]);
        if self.kind == Kind::RedisCluster {
            // By itself it would add 10,000, which may be no port.
            command.args(["--cluster-port", &server::free_port()?.to_string()]);
        }
        Ok(command)
    }

    fn ready(&self) -> Ready {
        Ready::Log("Ready to accept connections")
    }

    fn end(&self) -> &'static [(Signal, Duration)] {
        // Its data are not wanted, and it would write them down.
        const STEPS: &[(Signal, Duration)] = &[(Signal::KILL, Duration::from_secs(5))];
        STEPS
    }

    fn url(&self, place: &Place<'_>, port: u16) -> String {
        format!("redis://{SUPERUSER}:{}@127.0.0.1:{port}/", place.password)
    }
}

/// Every change goes to the append-only file, and once a second to the disk, as Redis recommends.
fn configuration(kind: Kind, password: &str) -> String {
    let mut text = format!(
        "bind 127.0.0.1\n\
         dir .\n\
         save \"\"\n\
         appendonly yes\n\
         user default off\n\
         user {SUPERUSER} on >{password} ~* &* +@all\n"
    );
    if kind == Kind::RedisCluster {
        text += &format!(
            "cluster-enabled yes\n\
             cluster-node-timeout 2000\n\
             masteruser {SUPERUSER}\n\
             masterauth {password}\n"
        );
    }
    text
}
