//! Keys that are in use, and randomness that fails.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Result, ensure};
use futures_util::future::try_join_all;
use lodger_core::{AnyStore, CommitError, Rng, RngError, SessionKey};
use lodger_testing::{MarkedRng, SequenceRng};
use tokio::task::JoinSet;

use super::backend::open;
use super::dice::Dice;
use super::row::Tally;
use super::stage::{Stage, present};
use super::traffic::{Traffic, find, recovery};
use crate::canary;
use crate::site::Site;

const VISITORS: usize = 6;
/// So many sessions have keys that are drawn again.
const KNOWN: usize = 4;
/// So many visitors draw keys at once, to begin a session or to change its key.
const DRAWERS: usize = 12;
/// For one key so many are drawn at most.
const MOST_DRAWS: usize = 17;

/// Draws planted keys first, and random ones after them.
#[derive(Clone)]
struct Planted {
    first: Arc<Mutex<SequenceRng>>,
    then: MarkedRng,
}

impl Planted {
    fn first(&self) -> MutexGuard<'_, SequenceRng> {
        self.first.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Rng for Planted {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        let first = self.first();
        // A single byte is for something else.
        if bytes.len() > 1 && first.left() > 0 {
            return first.fill(bytes);
        }
        self.then.fill(bytes)
    }
}

/// Keys are drawn that are in use, and the same new key by several visitors at once.
///
/// # Errors
///
/// When sessions cannot be loaded.
pub async fn collides(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let nothing = Arc::new(Mutex::new(SequenceRng::new([] as [&str; 0])));
    let rng = Planted { first: nothing, then: MarkedRng::new(canary::KEY) };
    let drawn = rng.clone();
    let store = open(&url).await?;
    let site = present(Site::built(store, |builder| builder.with_rng(drawn)));
    // So that nobody waits for a server to be connected to.
    try_join_all((0..DRAWERS).map(|_| recovery(&site))).await?;
    let (mut dice, mut tally) = (stage.dice.clone(), Tally::default());
    for round in 0..stage.times(100) {
        // Now and then there is no end of them.
        let planted = if round % 10 == 0 { 1000 } else { dice.below(60) as usize };
        collide(&site, &rng, planted, &mut dice, &mut tally).await?;
    }
    Ok(tally)
}

async fn collide(
    site: &Site<AnyStore>,
    rng: &Planted,
    planted: usize,
    dice: &mut Dice,
    tally: &mut Tally,
) -> Result<()> {
    let mut known = Vec::new();
    for number in 0..KNOWN + DRAWERS / 2 {
        let whose = format!(r#"{{"whose":"number {number}"}}"#);
        known.push((site.stored(&whose).await, whose));
    }
    let changing = known.split_off(KNOWN);
    let fresh = SessionKey::generate(&rng.then)?;
    let endless = planted > MOST_DRAWS * DRAWERS;
    let mut draw = || match dice.below(KNOWN as u64 + 1) as usize {
        number if number < KNOWN => known[number].0.expose(),
        _ if endless => known[0].0.expose(),
        _ => fresh.expose(),
    };
    *rng.first() = SequenceRng::new((0..planted).map(|_| draw()).collect::<Vec<_>>());
    let mut visits = JoinSet::new();
    for number in 0..DRAWERS {
        let (site, old) = (site.clone(), changing.get(number).cloned());
        visits.spawn(async move {
            let whose = match &old {
                Some((_, whose)) => whose.clone(),
                None => format!(r#"{{"whose":"newcomer {number}"}}"#),
            };
            let visit = site.try_visit(old.as_ref().map(|(key, _)| key)).await?;
            match &old {
                Some(_) => visit.cycle_key()?,
                None => visit.insert("whose", &format!("newcomer {number}"))?,
            }
            anyhow::Ok((old, whose, visit.end().await))
        });
    }
    let mut visited = Vec::new();
    while let Some(visit) = visits.join_next().await {
        visited.push(visit??);
    }
    let spent = planted - rng.first().left();
    *rng.first() = SequenceRng::new([] as [&str; 0]);
    tally.injections += spent as u64;
    ensure!(!endless || spent > 0, "no planted key was drawn");
    if spent > MOST_DRAWS * DRAWERS {
        tally.wrong(format!("{spent} keys were drawn for {DRAWERS} visitors"));
    }
    // What must lie under which key.
    let mut expected: Vec<_> = known.into_iter().map(|(key, whose)| (key, Some(whose))).collect();
    for (old, whose, ended) in visited {
        match ended {
            Ok(Some(cookie)) => {
                tally.acknowledged += 1;
                expected.extend(old.map(|(key, _)| (key, None)));
                let key = cookie.value.session_key(128)?;
                if expected.iter().any(|(known, _)| *known == key) {
                    tally.wrong("a key was given out that is another's".to_owned());
                }
                expected.push((key, Some(whose)));
            }
            Err(CommitError::Rng(_)) => {
                tally.unavailable += 1;
                expected.extend(old.map(|(key, whose)| (key, Some(whose))));
            }
            other => tally.wrong(format!("keys are in use, and a visit ended with {other:?}")),
        }
    }
    for (key, whose) in expected {
        let found = find(site, &key).await?.map(|dict| dict.to_json());
        match (&whose, &found) {
            (None, Some(_)) => {
                tally.resurrected += 1;
                tally.finding("an old key is live".to_owned());
            }
            (Some(whose), None) => {
                tally.lost += 1;
                tally.finding(format!("{whose} is not there"));
            }
            _ if whose != found => tally.wrong(format!("there is {found:?} for {whose:?}")),
            _ => {}
        }
    }
    Ok(())
}

/// Fails at every so-manieth call, or never, if that is 0.
#[derive(Clone, Default)]
struct Failing {
    every: Arc<AtomicU64>,
    calls: Arc<AtomicU64>,
    failures: Arc<AtomicU64>,
}

impl Rng for Failing {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), RngError> {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let every = self.every.load(Ordering::SeqCst);
        if every > 0 && call.is_multiple_of(every) {
            self.failures.fetch_add(1, Ordering::SeqCst);
            return Err(RngError::new("there is none".into()));
        }
        MarkedRng::new(canary::KEY).fill(bytes)
    }
}

/// The source of randomness fails, always or now and then, until it is well again.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn rng_fails(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let rng = Failing::default();
    let fails = rng.clone();
    let store = open(&url).await?;
    let site = present(Site::built(store, |builder| builder.with_rng(fails)));
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    for round in 0..stage.times(40) {
        traffic.flows(20).await?;
        rng.every.store(1 + round % 5, Ordering::SeqCst);
        tokio::time::sleep(Duration::from_millis(50 + dice.below(100))).await;
        rng.every.store(0, Ordering::SeqCst);
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally.injections = rng.failures.load(Ordering::SeqCst);
    tally += traffic.close().await?;
    Ok(tally)
}
