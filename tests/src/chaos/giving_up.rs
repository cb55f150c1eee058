//! Callers who do not wait for the end of what they asked.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use lodger_core::AnyStore;
use tokio::task::JoinSet;
use tokio::time::Instant;

use super::backend::{Backend, open};
use super::dice::Dice;
use super::question::{Case, Question};
use super::row::Tally;
use super::server::Server;
use super::stage::{Held, Stage, site};
use super::traffic::{Traffic, recovery};
use crate::proxy::{Proxy, Way};

const VISITORS: usize = 6;
/// So many callers share a store.
const CALLERS: usize = 2;
/// No call is polled more often.
const MOST_POLLS: usize = 500;
/// By then so many visits were dropped as are to be.
const PATIENCE: Duration = Duration::from_secs(60);

/// Calls to the store that are dropped at each await, and visits that are dropped at any time.
///
/// # Errors
///
/// When the store does not answer.
pub async fn future_dropped(stage: &Stage) -> Result<Tally> {
    let (url, held) = stage.url().await?;
    let mut tally = calls(stage, &url, &held).await?;
    tally += visits(stage, &url).await?;
    Ok(tally)
}

/// Through which store a call is made.
#[derive(Clone)]
enum Through {
    /// One that others use, too.
    Shared(AnyStore),
    /// One of its own, which has to connect first.
    Own(String),
}

async fn calls(stage: &Stage, url: &str, held: &Held) -> Result<Tally> {
    let store = open(url).await?;
    // Nobody else has what is in memory.
    let alone = stage.backend == Backend::Memory;
    let beside = if alone { store.clone() } else { open(url).await? };
    let mut through = vec![Through::Shared(store)];
    if let Held::Server(server) = held {
        // A reply takes many steps, so that a call can be dropped between any two.
        let wire = Proxy::before(server.port()).await;
        wire.dribble(Way::Reply, true);
        through.push(Through::Shared(open(&wire.in_place_of(url)).await?));
    }
    let is_database =
        matches!(held, Held::Server(server) if matches!(**server, Server::Database(..)));
    if matches!(held, Held::Server(_) | Held::Cluster(_)) && !is_database {
        through.push(Through::Own(url.to_owned()));
    }
    let mut callers = JoinSet::new();
    for (number, through) in through.iter().flat_map(|way| vec![way; CALLERS]).enumerate() {
        let (through, beside) = (through.clone(), beside.clone());
        callers.spawn(call(number, through, beside, stage.times(10)));
    }
    let mut tally = Tally::default();
    while let Some(counted) = callers.join_next().await {
        tally += counted.context("a caller panicked")??;
    }
    Ok(tally)
}

/// Asks each question, and drops it after one poll, after two, and so on until it comes to its end.
async fn call(number: usize, through: Through, beside: AnyStore, times: u64) -> Result<Tally> {
    let (mut tally, mut cases, mut asked) = (Tally::default(), Vec::new(), 0);
    for question in (0..times).flat_map(|_| Question::ALL) {
        for dropped in [Dropped::AtOnce, Dropped::WhenWoken] {
            for polls in 0..MOST_POLLS {
                asked += 1;
                let mut case =
                    Case::prepare(question, &format!("{number}x{asked}"), &beside).await?;
                case.warm_up(&beside).await?;
                let store = match &through {
                    Through::Shared(store) => store.clone(),
                    Through::Own(url) => open(url).await?,
                };
                match case.judge_dropped((polls, dropped), &store, &beside, &mut tally).await? {
                    Some(done) => cases.push((case, done)),
                    None => break,
                }
            }
        }
    }
    // What was done stays, and what was not may be done by now.
    for (case, done) in cases {
        if !case.is_done(&beside, &mut tally).await && done {
            tally.wrong("what a dropped call had done was undone".to_owned());
        }
    }
    Ok(tally)
}

/// When a call is dropped that was polled so often and is not done.
#[derive(Clone, Copy, Debug)]
pub enum Dropped {
    /// At once, while what it waits for is on its way.
    AtOnce,
    /// When it would be polled once more, since what it waits for is there.
    WhenWoken,
}

/// What a future gives; `None`: it was polled so often, and is dropped.
pub async fn polled<T>(
    future: impl Future<Output = T>,
    polls: usize,
    dropped: Dropped,
) -> Option<T> {
    let (mut future, mut left) = (pin!(future), polls);
    poll_fn(|context| {
        if left > 0 {
            left -= 1;
            match future.as_mut().poll(context) {
                Poll::Ready(given) => return Poll::Ready(Some(given)),
                Poll::Pending if left > 0 || matches!(dropped, Dropped::WhenWoken) => {
                    return Poll::Pending;
                }
                Poll::Pending => {}
            }
        }
        Poll::Ready(None)
    })
    .await
}

/// Every other visit is dropped, within eight milliseconds; the shorter, the more often.
fn patience(dice: &mut Dice) -> Option<Duration> {
    let longest = 1 << (3 + dice.below(11));
    (dice.below(2) == 0).then(|| Duration::from_micros(dice.below(longest)))
}

async fn visits(stage: &Stage, url: &str) -> Result<Tally> {
    let site = site(open(url).await?);
    let traffic = Traffic::with_patience(&site, VISITORS, &stage.dice, patience);
    let begun = Instant::now();
    let mut tally = Tally::default();
    while traffic.dropped() < stage.times(1000) {
        ensure!(begun.elapsed() < PATIENCE, "visits are not dropped any more");
        traffic.flows(20).await?;
        tally.recovered_in(recovery(&site).await?);
    }
    tally += traffic.close().await?;
    Ok(tally)
}
