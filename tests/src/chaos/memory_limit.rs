//! Servers with less memory than there is to keep.

use std::time::Duration;

use anyhow::{Result, ensure};
use lodger_backends::memcached::MemcachedStore;
use lodger_core::{AnyStore, CommitError};
use redis::aio::MultiplexedConnection;

use super::backend::{Backend, open};
use super::dice::Dice;
use super::ledger::Deed;
use super::row::Tally;
use super::server::Server;
use super::stage::{Stage, site};
use super::stranger::Stranger;
use super::traffic::{Traffic, recovery};
use crate::memcached::Raw;
use crate::redis::admin;
use crate::site::Site;

const VISITORS: usize = 8;
/// So many bytes more, or fewer, than fit into an item of memcached are tried out.
const AROUND: usize = 1200;
/// The largest item of that memcached.
const LARGEST: usize = 16 << 10;

/// Redis that evicts nothing refuses what does not fit, until there is room again.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn full(stage: &Stage) -> Result<Tally> {
    let options = ["--maxmemory", "8mb", "--maxmemory-policy", "noeviction"];
    let server = Server::start(stage.backend, &options).await?;
    let mut redis = admin(&server.url()).await?;
    let site = site(open(&server.url()).await?);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    for _ in 0..stage.times(20) {
        traffic.flows(20).await?;
        let before = traffic.failed();
        let mut names = Vec::new();
        // Those who log out make room.
        for _ in 0..10 {
            fill(&mut redis, &mut names).await?;
            tokio::time::sleep(Duration::from_millis(5 + dice.below(10))).await;
        }
        tally.injections += u64::from(traffic.failed() > before);
        redis::cmd("DEL").arg(names).exec_async(&mut redis).await?;
        tally.recovered_in(recovery(&site).await?);
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// Writes values until not even a small one fits.
async fn fill(redis: &mut MultiplexedConnection, names: &mut Vec<String>) -> Result<()> {
    for length in [64 << 10, 1 << 10, 16] {
        loop {
            let name = format!("strangers:{}", names.len());
            let set = redis::cmd("SET").arg(&name).arg(vec![b'x'; length]).exec_async(redis).await;
            match set {
                Ok(()) => names.push(name),
                Err(error) if error.code() == Some("OOM") => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(())
}

/// Sessions make way for what somebody else keeps on the same server.
///
/// # Errors
///
/// When saves are not acknowledged.
pub async fn evicted(stage: &Stage) -> Result<Tally> {
    let options: &[&str] = match stage.backend {
        Backend::Redis => &["--maxmemory", "4mb", "--maxmemory-policy", "allkeys-lru"],
        _ => &["-m", "4"],
    };
    let server = Server::start(stage.backend, options).await?;
    let mut stranger = Stranger::connect(&server).await?;
    let site = site(open(&server.url()).await?);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    for _ in 0..stage.times(20) {
        traffic.flows(20).await?;
        stranger.crowd(&mut dice).await?;
    }
    traffic.flows(20).await?;
    let mut tally = Tally::injected(stranger.evictions().await?);
    tally += traffic.close().await?;
    Ok(tally)
}

/// Sessions that grow until they are no item of memcached any more: each is either stored or refused,
/// and then what was there stays.
///
/// # Errors
///
/// When the server does not answer.
pub async fn item_too_large(stage: &Stage) -> Result<Tally> {
    let (item, chunk) = (LARGEST.to_string(), format!("slab_chunk_max={}", LARGEST / 2));
    let server = Server::start(stage.backend, &["-I", &item, "-o", &chunk]).await?;
    let store = MemcachedStore::connect(&server.url())?.with_largest_item(LARGEST);
    let site = site(AnyStore::new(store));
    let mut raw = Raw::connect(&server.url());
    let (mut dice, mut tally) = (stage.dice.clone(), Tally::default());
    let stride = if stage.quick { 100 } else { 5 };
    for length in (LARGEST - AROUND..LARGEST + AROUND).step_by(stride) {
        for deed in [Deed::Begin(1), Deed::Append(1), Deed::Cycle(1)] {
            grow(&site, deed, &text(length, &mut dice), &mut raw, &mut tally).await?;
        }
    }
    // Both sides of the border were met.
    ensure!(tally.acknowledged > 0, "no session was stored");
    Ok(tally)
}

/// Text that cannot be compressed: a little shorter encoded than it is long.
fn text(length: usize, dice: &mut Dice) -> String {
    const LETTERS: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_abcdefghijklmnopqrstuvwxyz";
    let letter = |_| char::from(LETTERS[dice.below(LETTERS.len() as u64) as usize]);
    (0..length).map(letter).collect()
}

/// Puts a text into a session, new or not, and counts whether what is there agrees with the answer.
async fn grow(
    site: &Site<AnyStore>,
    deed: Deed,
    text: &str,
    raw: &mut Raw,
    tally: &mut Tally,
) -> Result<()> {
    const SMALL: &str = r#"{"small":1}"#;
    let old = site.stored(SMALL).await;
    let items = raw.stat("curr_items");
    let begins = matches!(deed, Deed::Begin(_));
    let visit = site.try_visit((!begins).then_some(&old)).await?;
    visit.insert("large", &text)?;
    if matches!(deed, Deed::Cycle(_)) {
        visit.cycle_key()?;
    }
    let ended = visit.end().await;
    let stays = site.data(&old).await.as_deref() == Some(SMALL);
    match ended {
        Ok(Some(cookie)) => {
            tally.acknowledged += 1;
            let key = cookie.value.session_key(128)?;
            let stored = site.field(&key, "large").await;
            if stored != Some(format!("\"{text}\"")) {
                tally.lost += 1;
                tally.finding(format!("{deed:?} of {} was stored and is not there", text.len()));
            }
            if begins != stays {
                tally.wrong(format!("{deed:?} was stored, and the old session stays: {stays}"));
            }
        }
        Err(CommitError::Unavailable(_)) => {
            tally.injections += 1;
            tally.unavailable += 1;
            if !stays {
                tally.lost += 1;
                tally.finding(format!("{deed:?} of {} took the session with it", text.len()));
            }
            if raw.stat("curr_items") != items {
                tally.wrong(format!("{deed:?} was refused and left something"));
            }
        }
        other => tally.wrong(format!("{deed:?} of {} ended with {other:?}", text.len())),
    }
    Ok(())
}
