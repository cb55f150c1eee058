//! Expired sessions that are swept away under traffic, by two at once, and by whoever is killed
//! meanwhile.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};
use futures_util::future::try_join_all;
use lodger_core::{AnyStore, SessionStore, Timestamp};

use super::backend::{Backend, open};
use super::crowd::Crowd;
use super::row::Tally;
use super::stage::{Stage, site};
use super::traffic::{RECOVERY, Traffic};

const VISITORS: usize = 6;
/// The first argument of the program that sweeps.
pub const TASK: &str = "sweep";
/// So many a batch removes at most.
const BATCH: u64 = 4;
/// So many sessions have expired when a sweep begins, and so many are about to.
const EXPIRED: usize = 80;
const DUE: usize = 80;

/// Two sweep at once, among visitors, and while sessions are renewed that would end just then.
///
/// # Errors
///
/// When something cannot be set up.
pub async fn swept(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let site = site(open(&url).await?);
    let (store, mut dice) = (site.faults.store(), stage.dice.clone());
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    // What waits for no disk is done sooner.
    let rounds = if stage.backend == Backend::Memory { 100 } else { 10 };
    for round in 0..stage.times(rounds) {
        traffic.flows(5).await?;
        let crowd = Crowd::gather(store, &format!("both{round}"), EXPIRED, DUE).await?;
        let now = crowd.over();
        let mut renewals = crowd.renew(store);
        renewals.reach(dice.below(DUE as u64 / 2) as usize).await;
        let sweepers = [(); 2].map(|()| tokio::spawn(sweep(store.clone(), now, |_| {})));
        let swept: Vec<Swept> = try_join_all(sweepers).await?.into_iter().collect::<Result<_>>()?;
        let renewed = renewals.all().await?;
        let gone = crowd.audit(store, &renewed, &mut tally).await?;
        let failures: u64 = swept.iter().map(|swept| swept.failures).sum();
        let deleted: u64 = swept.iter().map(|swept| swept.deleted).sum();
        tally.injections += deleted;
        tally.unavailable += failures;
        if deleted != gone && failures == 0 {
            tally.wrong(format!("{gone} sessions are gone, and {deleted} were swept"));
        }
    }
    traffic.flows(10).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// Whoever sweeps is killed with signal 9 half way, and another one goes on.
///
/// # Errors
///
/// When something cannot be set up.
pub async fn sweeper_killed(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let site = site(open(&url).await?);
    let (store, mut dice) = (site.faults.store(), stage.dice.clone());
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    for round in 0..stage.times(20) {
        traffic.flows(5).await?;
        let crowd = Crowd::gather(store, &format!("killed{round}"), EXPIRED, 0).await?;
        let batches = dice.below(EXPIRED as u64 / BATCH - 1);
        let sweeper = Sweeper::start(&stage.program, &url, crowd.over())?;
        let killed = tokio::task::spawn_blocking(move || sweeper.kill_after(batches)).await??;
        let left = sweep(store.clone(), crowd.over(), |_| {}).await?;
        tally.injections += u64::from(killed && left.deleted > 0);
        tally.unavailable += left.failures;
        crowd.audit(store, &[], &mut tally).await?;
    }
    traffic.flows(10).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// What a sweep came to.
struct Swept {
    deleted: u64,
    /// Batches that failed, and were tried again.
    failures: u64,
}

/// Removes whatever has ended by then, and tells of each batch.
async fn sweep(store: AnyStore, now: Timestamp, tell: impl Fn(u64)) -> Result<Swept> {
    let (mut all, mut cursor) = (Swept { deleted: 0, failures: 0 }, None);
    let mut begun = Instant::now();
    loop {
        let batch = match store.clear_expired(now, BATCH, cursor.clone()).await {
            Ok(batch) => batch,
            Err(error) if begun.elapsed() > RECOVERY => return Err(error.into()),
            Err(_) => {
                all.failures += 1;
                tokio::task::yield_now().await;
                continue;
            }
        };
        begun = Instant::now();
        all.deleted += batch.deleted;
        tell(batch.deleted);
        cursor = batch.next;
        if cursor.is_none() {
            return Ok(all);
        }
    }
}

/// A process that sweeps. Dropping it kills it.
struct Sweeper(Child);

impl Sweeper {
    fn start(program: &Path, url: &str, now: Timestamp) -> Result<Self> {
        let mut command = Command::new(program);
        command.args([TASK, url, &now.as_micros().to_string()]);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        Ok(Self(command.spawn()?))
    }

    /// Kills it when it has told of so many batches; whether it was still at it.
    fn kill_after(mut self, batches: u64) -> Result<bool> {
        let output = self.0.stdout.take().context("the output is piped")?;
        let mut lines = BufReader::new(output).lines();
        for _ in 0..batches {
            // If it has ended, what it has left is looked at.
            lines.next().transpose()?;
        }
        let sweeps = self.0.try_wait()?.is_none();
        self.0.kill()?;
        self.0.wait()?;
        Ok(sweeps)
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        // An error means that it has ended.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the process does: a sweep, and a line for each batch.
///
/// # Errors
///
/// When the arguments are no URL and no time, or there is no store.
#[expect(clippy::print_stdout, reason = "another process reads it")]
#[tokio::main(flavor = "current_thread")]
pub async fn run(arguments: &[String]) -> Result<()> {
    let [url, now] = arguments else { bail!("arguments are missing") };
    let now = Timestamp::from_micros(now.parse()?);
    sweep(open(url).await?, now, |deleted| println!("{deleted}")).await?;
    Ok(())
}
