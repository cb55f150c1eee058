use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::Kind;
use super::account::Account;
use super::recipe::SUPERUSER;
use super::redis::Redis;
use super::server::{self, Server};
use crate::{interrupt, process, program};

/// Three leaders, and a replica of each.
const NODES: usize = 6;
const DEADLINE: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

/// A Redis Cluster. Dropping it ends all its servers.
pub(super) struct RedisCluster {
    nodes: Vec<Server>,
    password: String,
}

impl RedisCluster {
    /// Starts the nodes and joins them.
    pub(super) fn start(account: &Account, folder: &Path) -> Result<Self> {
        let recipe = Redis::find_or_install(Kind::RedisCluster)?;
        let password = server::random_password()?;
        let mut cluster = Self { nodes: Vec::new(), password };
        for number in 1..=NODES {
            let folder = folder.with_extension(number.to_string());
            let node = Server::start_with(&recipe, account, &folder, &cluster.password)?;
            cluster.nodes.push(node);
        }
        cluster.join()?;
        cluster.wait_until_ready()?;
        Ok(cluster)
    }

    /// The URL, which names all nodes.
    pub(super) fn url(&self) -> String {
        let addresses = self.addresses().join(",");
        format!("redis+cluster://{SUPERUSER}:{}@{addresses}/", self.password)
    }

    fn addresses(&self) -> Vec<String> {
        self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect()
    }

    fn join(&self) -> Result<()> {
        let mut command = self.client()?;
        command.args(["--cluster", "create"]).args(self.addresses());
        command.args(["--cluster-replicas", "1", "--cluster-yes"]);
        let (status, printed) = process::output_uninterrupted(&mut command)?;
        ensure!(status.success(), "could not join the nodes of a Cluster: {status}\n{printed}");
        Ok(())
    }

    /// Waits until every node knows all others.
    fn wait_until_ready(&self) -> Result<()> {
        let deadline = Instant::now() + DEADLINE;
        while !self.is_ready()? {
            if Instant::now() > deadline {
                bail!("the Cluster was not ready after {DEADLINE:?}");
            }
            interrupt::check()?;
            thread::sleep(POLL);
        }
        Ok(())
    }

    fn is_ready(&self) -> Result<bool> {
        for node in &self.nodes {
            let mut command = self.client()?;
            command.args(["-p", &node.port().to_string(), "cluster", "info"]);
            let (_, info) = process::output_uninterrupted(&mut command)?;
            let known = format!("cluster_known_nodes:{NODES}");
            if !(info.contains("cluster_state:ok") && info.contains(&known)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn client(&self) -> Result<Command> {
        let client: Option<PathBuf> = program::find("redis-cli", &["/usr/bin".into()]);
        let mut command = Command::new(client.context("there is no redis-cli")?);
        command.args(["--user", SUPERUSER]).env("REDISCLI_AUTH", &self.password);
        Ok(command)
    }
}
