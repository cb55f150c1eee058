//! A Cluster whose leaders are killed and whose slots move.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use lodger_backends::redis::RedisStore;
use lodger_core::AnyStore;

use super::row::Tally;
use super::stage::{Missing, Stage, site};
use super::traffic::{Traffic, recovery};
use crate::redis::{OwnCluster, OwnRedis};

const VISITORS: usize = 8;
/// By then a replica has taken over.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long the end of a key waits for a replica.
const WAIT: Duration = Duration::from_millis(200);

/// A leader is killed, and its replica takes over.
///
/// # Errors
///
/// When none does.
pub async fn leader_killed(stage: &Stage) -> Result<Tally> {
    failover(stage, Replica::Follows, |store| store).await
}

/// A leader is killed after its replica has not followed it for a while.
///
/// # Errors
///
/// When the replica does not take over.
pub async fn uncopied_leader_killed(stage: &Stage) -> Result<Tally> {
    failover(stage, Replica::IsBehind, |store| store).await
}

/// The same, where what ends a key waits for a replica.
///
/// # Errors
///
/// When the replica does not take over.
pub async fn uncopied_leader_killed_ends_waited_for(stage: &Stage) -> Result<Tally> {
    failover(stage, Replica::IsBehind, |store| store.with_replicas_waited_for(1, WAIT)).await
}

/// What the replica does before its leader is killed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Replica {
    Follows,
    IsBehind,
}

async fn failover(
    stage: &Stage,
    replica: Replica,
    configure: impl FnOnce(RedisStore) -> RedisStore,
) -> Result<Tally> {
    let mut cluster = cluster().await?;
    let site = site(AnyStore::new(configure(RedisStore::connect(&cluster.url())?)));
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let times = stage.times(8);
    let mut tally = Tally::injected(times);
    for _ in 0..times {
        traffic.flows(40).await?;
        let leaders = cluster.leaders().await;
        let leader = leaders[dice.below(leaders.len() as u64) as usize];
        let heir = cluster.replica_of(leader).await;
        if replica == Replica::IsBehind {
            cluster.nodes()[heir].stop();
            // What it has been sent it would still read.
            cluster.nodes()[leader].run(&["CLIENT", "KILL", "TYPE", "replica"]).await;
            // Not so long that it is held to be dead.
            tokio::time::sleep(Duration::from_millis(250 + dice.below(100))).await;
        }
        cluster.kill(leader);
        if replica == Replica::IsBehind {
            cluster.nodes()[heir].go_on();
        }
        leads(&cluster.nodes()[heir]).await?;
        tally.recovered_in(recovery(&site).await?);
        cluster.restart(leader).await?;
        cluster.settle().await;
    }
    traffic.flows(40).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// A Cluster of our own.
///
/// # Errors
///
/// When there is none.
pub(super) async fn cluster() -> Result<OwnCluster> {
    let cluster = OwnCluster::start(&[]).await;
    Ok(cluster.ok_or_else(|| Missing("there is no redis-server".to_owned()))?)
}

/// Waits until a server leads.
async fn leads(node: &OwnRedis) -> Result<()> {
    let begun = Instant::now();
    while !node.run(&["INFO", "replication"]).await.contains("role:master") {
        ensure!(begun.elapsed() < PATIENCE, "the replica does not take over");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}

/// Slots with sessions in them move from one leader to another.
///
/// # Errors
///
/// When one cannot be moved.
pub async fn slot_moved(stage: &Stage) -> Result<Tally> {
    let cluster = cluster().await?;
    let site = site(AnyStore::new(RedisStore::connect(&cluster.url())?));
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let leaders = cluster.leaders().await;
    let mut tally = Tally::default();
    for _ in 0..stage.times(200) {
        traffic.flows(5).await?;
        let from = dice.below(leaders.len() as u64) as usize;
        let to = (from + 1 + dice.below(leaders.len() as u64 - 1) as usize) % leaders.len();
        let others: Vec<_> = leaders.iter().map(|leader| &cluster.nodes()[*leader]).collect();
        let pause = Duration::from_micros(dice.below(10_000));
        if let Some(slot) = inhabited(others[from]).await? {
            carry(slot, others[from], others[to], pause).await?;
            // The rest would hear of it by and by.
            for node in &others {
                let id = others[to].run(&["CLUSTER", "MYID"]).await;
                node.run(&["CLUSTER", "SETSLOT", &slot.to_string(), "NODE", &id]).await;
            }
            tally.injections += 1;
        }
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// The slot of any session that a server keeps.
async fn inhabited(node: &OwnRedis) -> Result<Option<u64>> {
    let mut redis = node.admin().await;
    let name: Option<String> = redis::cmd("RANDOMKEY").query_async(&mut redis).await?;
    let Some(name) = name else { return Ok(None) };
    let mut slot = redis::cmd("CLUSTER");
    Ok(Some(slot.arg("KEYSLOT").arg(name).query_async(&mut redis).await?))
}

/// Moves a slot with all that is in it, with a pause in the middle.
async fn carry(slot: u64, from: &OwnRedis, to: &OwnRedis, pause: Duration) -> Result<()> {
    let (from_id, to_id) =
        (from.run(&["CLUSTER", "MYID"]).await, to.run(&["CLUSTER", "MYID"]).await);
    let (text, port) = (slot.to_string(), to.port());
    to.run(&["CLUSTER", "SETSLOT", &text, "IMPORTING", &from_id]).await;
    from.run(&["CLUSTER", "SETSLOT", &text, "MIGRATING", &to_id]).await;
    tokio::time::sleep(pause).await;
    let mut redis = from.admin().await;
    loop {
        let mut in_slot = redis::cmd("CLUSTER");
        in_slot.arg("GETKEYSINSLOT").arg(slot).arg(10);
        let names: Vec<String> = in_slot.query_async(&mut redis).await?;
        if names.is_empty() {
            break;
        }
        let mut migrate = redis::cmd("MIGRATE");
        migrate.arg("127.0.0.1").arg(port).arg("").arg(0).arg(5000).arg("KEYS").arg(names);
        migrate.exec_async(&mut redis).await.context("a session cannot be moved")?;
    }
    tokio::time::sleep(pause).await;
    // The new one first: else nobody would have it for a moment.
    to.run(&["CLUSTER", "SETSLOT", &text, "NODE", &to_id]).await;
    from.run(&["CLUSTER", "SETSLOT", &text, "NODE", &to_id]).await;
    Ok(())
}
