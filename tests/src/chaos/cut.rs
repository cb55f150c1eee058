//! Connections that are cut at each byte of each call, both ways, and while they are made.

use std::time::Duration;

use anyhow::Result;
use futures_util::future::try_join_all;
use lodger_core::AnyStore;

use super::backend::open;
use super::question::{Case, Question};
use super::row::Tally;
use super::server::Server;
use super::stage::Stage;
use crate::proxy::{Proxy, Way};

/// So many walks go on at once: most of the time of each is waiting.
const LANES: usize = 8;
/// No conversation is longer.
const LONGEST: usize = 20_000;
const WAYS: [Way; 2] = [Way::Request, Way::Reply];
/// After a cut a store may wait before it connects again.
const ATTEMPTS: usize = 200;

/// Each call, cut at each byte.
///
/// # Errors
///
/// When the server does not answer.
pub async fn within_calls(stage: &Stage) -> Result<Tally> {
    let server = Server::start(stage.backend, &[]).await?;
    each_lane(stage, server, async |lane| {
        let mut tally = Tally::default();
        for question in Question::ALL {
            for way in WAYS {
                tally += lane.walk(question, way).await?;
            }
        }
        Ok(tally)
    })
    .await
}

/// The making of a connection, cut at each byte.
///
/// # Errors
///
/// When the server does not answer.
pub async fn while_connecting(stage: &Stage) -> Result<Tally> {
    let server = Server::start(stage.backend, &[]).await?;
    each_lane(stage, server, async |lane| {
        let mut tally = Tally::default();
        for way in WAYS {
            tally += lane.connect(way).await?;
        }
        Ok(tally)
    })
    .await
}

async fn each_lane(
    stage: &Stage,
    server: Server,
    walk: impl AsyncFn(&Lane) -> Result<Tally>,
) -> Result<Tally> {
    let stride = LANES * if stage.quick { 20 } else { 1 };
    let beside = open(&server.url()).await?;
    let mut lanes = Vec::new();
    for first in 0..LANES {
        let proxy = Proxy::before(server.port()).await;
        let url = proxy.in_place_of(&server.url());
        let store = open(&url).await?;
        lanes.push(Lane { first, stride, proxy, url, store, beside: beside.clone() });
    }
    let mut tally = Tally::default();
    for counted in try_join_all(lanes.iter().map(|lane| walk(lane))).await? {
        tally += counted;
    }
    Ok(tally)
}

/// A wire of its own, for each so-manieth byte.
struct Lane {
    first: usize,
    stride: usize,
    proxy: Proxy,
    url: String,
    store: AnyStore,
    beside: AnyStore,
}

impl Lane {
    fn bytes(&self) -> impl Iterator<Item = usize> {
        (self.first..LONGEST).step_by(self.stride)
    }

    async fn walk(&self, question: Question, way: Way) -> Result<Tally> {
        let mut tally = Tally::default();
        for byte in self.bytes() {
            let name = format!("{question:?}{way:?}{byte}");
            let mut case = Case::prepare(question, &name, &self.beside).await?;
            warm_up(&mut case, &self.store).await?;
            self.proxy.sever_after(way, byte);
            case.judge(&self.store, &self.beside, &mut tally).await?;
            if !self.proxy.severed() {
                break;
            }
            tally.injections += 1;
        }
        Ok(tally)
    }

    async fn connect(&self, way: Way) -> Result<Tally> {
        let mut tally = Tally::default();
        for byte in self.bytes() {
            let case =
                Case::prepare(Question::Load, &format!("{way:?}{byte}"), &self.beside).await?;
            self.proxy.sever_after(way, byte);
            match open(&self.url).await {
                Ok(store) => case.judge(&store, &self.beside, &mut tally).await?,
                Err(_) => tally.unavailable += 1,
            }
            if !self.proxy.severed() {
                break;
            }
            tally.injections += 1;
        }
        Ok(tally)
    }
}

async fn warm_up(case: &mut Case, store: &AnyStore) -> Result<()> {
    for _ in 1..ATTEMPTS {
        if case.warm_up(store).await.is_ok() {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Ok(case.warm_up(store).await?)
}
