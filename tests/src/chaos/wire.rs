//! Wires that are slow, dribble, swallow replies or stand still one way.

use std::time::Duration;

use anyhow::Result;

use super::backend::open;
use super::row::Tally;
use super::server::Server;
use super::stage::{Stage, hasty_site};
use super::traffic::{Traffic, recovery};
use crate::proxy::{Cut, Proxy, Way};

const VISITORS: usize = 6;
/// The deadline of a call to the store.
const DEADLINE: Duration = Duration::from_millis(400);

/// Every byte is late, though not too late.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn late(stage: &Stage) -> Result<Tally> {
    disturbed(stage, stage.times(20), |proxy, on| {
        let delay = if on { Duration::from_millis(15) } else { Duration::ZERO };
        proxy.delay(Way::Request, delay);
        proxy.delay(Way::Reply, delay);
    })
    .await
}

/// Every byte comes after the deadline.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn too_late(stage: &Stage) -> Result<Tally> {
    disturbed(stage, stage.times(10), |proxy, on| {
        proxy.delay(Way::Reply, if on { DEADLINE + DEADLINE / 4 } else { Duration::ZERO });
    })
    .await
}

/// Both ways, everything comes in small pieces.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn dribbles(stage: &Stage) -> Result<Tally> {
    disturbed(stage, stage.times(20), |proxy, on| {
        proxy.dribble(Way::Request, on);
        proxy.dribble(Way::Reply, on);
    })
    .await
}

/// A reply never comes, and the connection stays.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn replies_dropped(stage: &Stage) -> Result<Tally> {
    // Fewer than a pool has places: one that falls silent when the pool looks whether it is whole keeps
    // its place.
    disturbed(stage, stage.times(8), |proxy, on| {
        if on {
            proxy.cut(Cut::Silence);
        }
    })
    .await
}

/// What is asked arrives late, when nobody waits for the answer.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn requests_stalled(stage: &Stage) -> Result<Tally> {
    disturbed(stage, stage.times(10), |proxy, on| proxy.hold(Way::Request, on)).await
}

/// What is answered arrives late.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn replies_stalled(stage: &Stage) -> Result<Tally> {
    disturbed(stage, stage.times(10), |proxy, on| proxy.hold(Way::Reply, on)).await
}

async fn disturbed(stage: &Stage, times: u64, disturb: impl Fn(&Proxy, bool)) -> Result<Tally> {
    let server = Server::start(stage.backend, &[]).await?;
    let proxy = Proxy::before(server.port()).await;
    let site = hasty_site(open(&proxy.in_place_of(&server.url())).await?, DEADLINE);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    for _ in 0..times {
        traffic.flows(10).await?;
        disturb(&proxy, true);
        tokio::time::sleep(DEADLINE / 2 + Duration::from_millis(dice.below(400))).await;
        disturb(&proxy, false);
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(10).await?;
    tally += traffic.close().await?;
    tally.injections = proxy.disturbed();
    Ok(tally)
}
