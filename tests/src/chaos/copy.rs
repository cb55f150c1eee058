//! Caches in front of a database that end, forget, cannot be reached or have no memory, and databases
//! that are away behind a cache. The database decides, so none of it may cost an acknowledged save.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use lodger_core::AnyStore;

use super::application;
use super::backend::{Backend, open};
use super::cached::{self, Behind, Cached, Copying};
use super::copies::Copies;
use super::database::{NO_ROW, locked};
use super::dice::Dice;
use super::row::Tally;
use super::stage::{Stage, hasty_site, site};
use super::stranger::Stranger;
use super::traffic::{Traffic, recovery};
use crate::proxy::{Proxy, Way};
use crate::site::Site;

const VISITORS: usize = 8;
/// Between two faults so many saves are acknowledged at least.
const SAVES: u64 = 10;
/// The deadline of a call to the store, where the database is locked for longer.
const DEADLINE: Duration = Duration::from_millis(400);
/// The deadline of a call to a cache that does not answer in time.
const CALL: Duration = Duration::from_millis(250);
/// How long copies live where the cache cannot be reached.
const LIFETIME: Duration = Duration::from_secs(1);
/// By then such a copy is gone: memcached's seconds are up to two longer, and the last copy may have
/// been on its way for one.
const LAG: Duration = Duration::from_secs(5);
/// No call to a cache, and no reply, is longer in bytes.
const LONGEST: u64 = 2500;

/// Visitors of a site with a cache, and whoever else uses that.
pub(super) struct Scene {
    pub(super) cached: Cached,
    pub(super) stranger: Stranger,
    pub(super) traffic: Traffic,
    pub(super) dice: Dice,
    pub(super) tally: Tally,
    site: Site<AnyStore>,
}

impl Scene {
    /// Opens the site, whose cache is at this URL.
    pub(super) async fn at(
        stage: &Stage,
        cached: Cached,
        url: &str,
        copying: Copying,
    ) -> Result<Self> {
        let stranger = Stranger::connect(&cached.cache).await?;
        let site = site(cached::open(url, &cached.database_url(), copying).await?);
        let dice = stage.dice.clone();
        let traffic = Traffic::start(&site, VISITORS, &dice);
        Ok(Self { cached, stranger, traffic, dice, tally: Tally::default(), site })
    }

    /// With nothing between the site and its cache.
    pub(super) async fn open(stage: &Stage, options: &[&str], copying: Copying) -> Result<Self> {
        let cached = Cached::start(stage.backend, options).await?;
        let url = cached.cache.url();
        Self::at(stage, cached, &url, copying).await
    }

    /// Waits until saves are acknowledged and copies shown: after a failure the site looks into the
    /// cache again a second later.
    async fn in_use(&mut self) -> Result<()> {
        const PATIENCE: Duration = Duration::from_secs(20);
        self.traffic.flows(SAVES).await?;
        let (enough, begun) = (self.stranger.hits().await? + 10, Instant::now());
        while self.stranger.hits().await? < enough {
            ensure!(begun.elapsed() < PATIENCE, "copies are not shown any more");
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        self.traffic.replay().await;
        Ok(())
    }

    /// Up to so many microseconds.
    async fn sleep(&mut self, most: u64) {
        tokio::time::sleep(Duration::from_micros(self.dice.below(most))).await;
    }

    /// Looks how the site does after a fault.
    pub(super) async fn look(&mut self) -> Result<()> {
        self.traffic.replay().await;
        self.tally.recovered_in(recovery(&self.site).await?);
        Ok(())
    }

    /// Visitors go home and others come; in between it is looked what the first were told, and the cache
    /// forgets everything before that and after.
    pub(super) async fn anew(&mut self) -> Result<()> {
        self.stranger.flush().await?;
        let nobody = Traffic::start(&self.site, 0, &self.dice);
        self.tally += std::mem::replace(&mut self.traffic, nobody).close().await?;
        self.stranger.flush().await?;
        let dice = self.dice.fork(self.tally.acknowledged);
        self.traffic = Traffic::start(&self.site, VISITORS, &dice);
        Ok(())
    }

    /// It is over, and copies are right again so long after the last save.
    pub(super) async fn over(mut self, after: Duration) -> Result<Tally> {
        self.in_use().await?;
        self.tally += self.traffic.close_after(after).await?;
        Ok(self.tally)
    }
}

/// The cache is killed with signal 9, and comes back with nothing.
///
/// # Errors
///
/// When it does not come back.
pub async fn killed(stage: &Stage) -> Result<Tally> {
    let mut scene = Scene::open(stage, &[], Copying::default()).await?;
    for _ in 0..stage.times(20) {
        scene.in_use().await?;
        scene.sleep(20_000).await;
        scene.cached.cache.kill();
        scene.tally.injections += 1;
        scene.sleep(60_000).await;
        scene.traffic.replay().await;
        scene.cached.cache.restart().await?;
        scene.stranger = Stranger::connect(&scene.cached.cache).await?;
        scene.look().await?;
    }
    scene.over(Duration::ZERO).await
}

/// The cache is told to forget everything.
///
/// # Errors
///
/// When it does not answer.
pub async fn flushed(stage: &Stage) -> Result<Tally> {
    let mut scene = Scene::open(stage, &[], Copying::default()).await?;
    for _ in 0..stage.times(200) {
        scene.traffic.flows(SAVES / 2).await?;
        scene.sleep(10_000).await;
        scene.stranger.flush().await?;
        scene.tally.injections += 1;
        scene.look().await?;
    }
    scene.over(Duration::ZERO).await
}

/// The cache keeps more than it has memory for.
///
/// # Errors
///
/// When it does not answer.
pub async fn evicts(stage: &Stage) -> Result<Tally> {
    let options: &[&str] = match stage.backend {
        Backend::CachedDbRedis => &["--maxmemory", "3mb", "--maxmemory-policy", "allkeys-lru"],
        _ => &["-m", "1", "-I", "128k", "-o", "slab_chunk_max=65536"],
    };
    let mut scene = Scene::open(stage, options, Copying::default()).await?;
    for _ in 0..stage.times(12) {
        scene.traffic.flows(SAVES).await?;
        scene.stranger.crowd(&mut scene.dice).await?;
        scene.look().await?;
    }
    scene.tally.injections = scene.stranger.evictions().await?;
    scene.over(Duration::ZERO).await
}

/// Connections to the cache are cut at any byte, both ways.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn cut(stage: &Stage) -> Result<Tally> {
    let (mut scene, proxy) = wired(stage, Copying::default().deadline).await?;
    for _ in 0..stage.times(20).max(2) {
        scene.in_use().await?;
        // What the first one does not cut is what reads need not do.
        for _ in 0..12 {
            let way = if scene.dice.below(2) == 0 { Way::Request } else { Way::Reply };
            proxy.sever_after(way, scene.dice.below(LONGEST) as usize);
            scene.sleep(20_000).await;
        }
        scene.look().await?;
    }
    scene.tally.injections = proxy.cuts();
    let _ = proxy.severed();
    scene.over(LAG).await
}

/// What goes to the cache, or comes from it, is held for up to three times as long as it is waited for.
///
/// # Errors
///
/// When saves are not acknowledged any more.
pub async fn stalled(stage: &Stage) -> Result<Tally> {
    let (mut scene, proxy) = wired(stage, CALL).await?;
    for round in 0..stage.times(12).max(2) {
        scene.in_use().await?;
        let way = if round % 2 == 0 { Way::Request } else { Way::Reply };
        proxy.hold(way, true);
        scene.tally.injections += 1;
        scene.sleep(750_000).await;
        proxy.hold(way, false);
        scene.look().await?;
    }
    scene.over(LAG).await
}

/// A wire to the cache, by which a copy may not be told of a change.
async fn wired(stage: &Stage, deadline: Duration) -> Result<(Scene, Proxy)> {
    let cached = Cached::start(stage.backend, &[]).await?;
    let proxy = Proxy::before(cached.cache.port()).await;
    let url = proxy.in_place_of(&cached.cache.url());
    let copying = Copying { lifetime: LIFETIME, deadline, verifies: false };
    let scene = Scene::at(stage, cached, &url, copying).await?;
    scene.traffic.trust(Copies::Late(LAG));
    Ok((scene, proxy))
}

/// The database is killed with signal 9, and the cache stays.
///
/// # Errors
///
/// When it does not come back.
pub async fn database_killed(stage: &Stage) -> Result<Tally> {
    let mut scene = Scene::open(stage, &[], Copying::default()).await?;
    for _ in 0..stage.times(20) {
        scene.in_use().await?;
        scene.sleep(20_000).await;
        let Behind::Server(database) = &mut scene.cached.database else { break };
        database.kill();
        scene.tally.injections += 1;
        tokio::time::sleep(Duration::from_millis(10 + scene.dice.below(60))).await;
        database.restart().await?;
        scene.look().await?;
    }
    scene.over(Duration::ZERO).await
}

/// Somebody writes to the database for longer than the store waits, and the cache stays.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn database_busy(stage: &Stage) -> Result<Tally> {
    let cached = Cached::start(stage.backend, &[]).await?;
    let site = hasty_site(open(&cached.url()).await?, DEADLINE);
    locked(stage, &site, &cached.database_url(), NO_ROW, DEADLINE * 2).await
}

/// The application is killed with signal 9, between the row and its copy, too.
///
/// # Errors
///
/// When it cannot be started.
pub async fn application_killed(stage: &Stage) -> Result<Tally> {
    let cached = Cached::start(stage.backend, &[]).await?;
    application::killed_over(stage, &cached.url()).await
}
