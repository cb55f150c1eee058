//! Servers that end in the middle of saves, and come back.

use std::time::Duration;

use anyhow::Result;

use super::backend::open;
use super::row::Tally;
use super::server::Server;
use super::stage::{Stage, site};
use super::traffic::{Traffic, recovery};

const VISITORS: usize = 8;
/// Between two ends so many saves are acknowledged at least.
const SAVES: u64 = 20;

/// The server is killed with signal 9.
///
/// # Errors
///
/// When it does not come back.
pub async fn killed(stage: &Stage) -> Result<Tally> {
    ended(stage, stage.times(60), Server::kill).await
}

/// The server ends as an administrator has it end.
///
/// # Errors
///
/// When it does not come back.
pub async fn restarted(stage: &Stage) -> Result<Tally> {
    ended(stage, stage.times(10), Server::end).await
}

async fn ended(stage: &Stage, times: u64, end: fn(&mut Server)) -> Result<Tally> {
    let mut server = Server::start(stage.backend, &[]).await?;
    let site = site(open(&server.url()).await?);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::injected(times);
    for _ in 0..times {
        traffic.flows(SAVES).await?;
        tokio::time::sleep(Duration::from_micros(dice.below(20_000))).await;
        end(&mut server);
        traffic.set_down(true);
        // Long enough for visitors to find nobody there.
        tokio::time::sleep(Duration::from_millis(10 + dice.below(60))).await;
        traffic.set_down(false);
        server.restart().await?;
        tally.recovered_in(recovery(&site).await?);
        traffic.settle();
    }
    traffic.flows(SAVES).await?;
    tally += traffic.close().await?;
    Ok(tally)
}
