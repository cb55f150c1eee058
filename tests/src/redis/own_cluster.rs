//! A Cluster of the test's own, of which it may kill servers.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::Result;

use super::OwnRedis;

const NODES: usize = 6;
const PATIENCE: Duration = Duration::from_secs(40);

/// Three leaders, and a replica of each.
pub struct OwnCluster {
    nodes: Vec<OwnRedis>,
}

impl OwnCluster {
    /// Starts one, with these directives beside those of a Cluster; `None`, noted as a skip, if there
    /// is no `redis-server`.
    ///
    /// # Panics
    ///
    /// When it is there and the Cluster does not come up.
    pub async fn start(arguments: &[&str]) -> Option<Self> {
        // By itself it would add 10,000, which may be no port.
        let mut all = vec!["--cluster-enabled", "yes", "--cluster-port", "{port}"];
        all.extend(["--cluster-node-timeout", "1000"]);
        // A leader keeps the one replica that it has.
        all.extend(["--cluster-allow-replica-migration", "no"]);
        all.extend(arguments);
        let mut nodes = Vec::new();
        for _ in 0..NODES {
            nodes.push(OwnRedis::start(&all).await?);
        }
        let cluster = Self { nodes };
        cluster.join().await;
        Some(cluster)
    }

    async fn join(&self) {
        let mut command = Command::new("redis-cli");
        command.args(["--cluster", "create"]).args(self.addresses());
        command.args(["--cluster-replicas", "1", "--cluster-yes"]).stdout(Stdio::null());
        let joined = tokio::task::spawn_blocking(move || command.status()).await;
        let status = joined.expect("it does not panic").expect("there is a redis-cli");
        assert!(status.success(), "the Cluster could not be joined: {status}");
        self.settle().await;
    }

    /// Waits until each server knows all others, and each leader and its replica each other.
    ///
    /// # Panics
    ///
    /// When that takes too long.
    pub async fn settle(&self) {
        let known = format!("cluster_known_nodes:{NODES}");
        let deadline = Instant::now() + PATIENCE;
        for node in &self.nodes {
            loop {
                let info = node.run(&["CLUSTER", "INFO"]).await;
                let linked = node.run(&["INFO", "replication"]).await;
                let linked = linked.contains("master_link_status:up")
                    || linked.contains("role:master") && linked.contains("state=online");
                if info.contains("cluster_state:ok") && info.contains(&known) && linked {
                    break;
                }
                assert!(Instant::now() < deadline, "the Cluster did not come up: {info}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }

    /// Where it is, by all of its servers.
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis+cluster://{}/", self.addresses().join(","))
    }

    /// Its servers.
    #[must_use]
    pub fn nodes(&self) -> &[OwnRedis] {
        &self.nodes
    }

    /// Which server leads the slot of a name.
    ///
    /// # Panics
    ///
    /// When none does.
    pub async fn leader(&self, name: &str) -> usize {
        for (number, node) in self.nodes.iter().enumerate() {
            // The others say that it has moved.
            let exists = redis::cmd("EXISTS").arg(name).to_owned();
            if exists.exec_async(&mut node.admin().await).await.is_ok() {
                return number;
            }
        }
        panic!("no server leads the slot of {name}");
    }

    /// The servers that lead.
    pub async fn leaders(&self) -> Vec<usize> {
        let mut leaders = Vec::new();
        for (number, node) in self.nodes.iter().enumerate() {
            if node.run(&["INFO", "replication"]).await.contains("role:master") {
                leaders.push(number);
            }
        }
        leaders
    }

    /// The server that copies a leader.
    ///
    /// # Panics
    ///
    /// When none does.
    pub async fn replica_of(&self, leader: usize) -> usize {
        let port = format!("master_port:{}\r", self.nodes[leader].port());
        for (number, node) in self.nodes.iter().enumerate() {
            if node.run(&["INFO", "replication"]).await.contains(&port) {
                return number;
            }
        }
        panic!("no server copies server {leader}");
    }

    /// Kills a server, as a crash does.
    pub fn kill(&mut self, number: usize) {
        self.nodes[number].kill();
    }

    /// Starts a server again that was killed.
    ///
    /// # Errors
    ///
    /// When it is not in time.
    pub async fn restart(&mut self, number: usize) -> Result<()> {
        self.nodes[number].restart().await
    }

    fn addresses(&self) -> Vec<String> {
        self.nodes.iter().map(|node| format!("127.0.0.1:{}", node.port())).collect()
    }
}
