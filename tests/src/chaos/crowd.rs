//! Sessions that have expired, and sessions that are renewed just before they do.

use anyhow::{Context as _, Result, ensure};
use futures_util::future::join_all;
use futures_util::stream::{self, StreamExt, TryStreamExt};
use lodger_core::{
    AnyStore, Clock, Context, Created, Limits, SessionCodec, SessionData, SessionDict,
    SessionRecord, SessionStore, Span, StoreError, StoredKey, Swapped, SystemClock, Timestamp,
    Touched, Version, Write,
};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::row::Tally;
use super::traffic::patiently;
use crate::site::{SECRET_KEY, codec, dict};

const SECOND: Span = Span::from_secs(1);
const LIFETIME: Span = Span::from_secs(3600);
/// So many are made at once.
const AT_ONCE: usize = 8;

/// Sessions of which most have expired, and the others are about to.
pub struct Crowd {
    expired: Vec<StoredKey>,
    due: Vec<Due>,
    /// When the last one ends.
    end: Timestamp,
}

/// A session that is about to expire.
#[derive(Clone)]
struct Due {
    key: StoredKey,
    version: Version,
    end: Timestamp,
    /// Whether its data are written again, too.
    saved: bool,
}

/// What was said of a renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renewed {
    /// It is stored.
    Stored,
    /// The session has ended.
    Gone,
    /// It is stored or not.
    Unknown,
    /// Surely nothing was applied.
    Unavailable,
}

impl Crowd {
    /// Makes so many of both.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn gather(store: &AnyStore, name: &str, expired: usize, due: usize) -> Result<Self> {
        // Whole seconds, which every backend keeps.
        let end = Timestamp::from_secs(SystemClock.now().as_secs());
        let made = (0..expired).map(|number| async move {
            let key = key("expired", name, number);
            create(store, &key, end - Span::from_secs(1 + number as i64)).await?;
            anyhow::Ok(key)
        });
        let expired_keys = stream::iter(made).buffered(AT_ONCE).try_collect::<Vec<_>>().await?;
        let made = (0..due).map(|number| async move {
            // Among the expired ones, in the order in which those are swept.
            let end = end - Span::from_secs((number * expired / due) as i64);
            Due::make(store, key("due", name, number), end, number % 2 == 0).await
        });
        let due = stream::iter(made).buffered(AT_ONCE).try_collect::<Vec<_>>().await?;
        Ok(Self { expired: expired_keys, due, end })
    }

    /// When all of them have ended that were not renewed.
    #[must_use]
    pub fn over(&self) -> Timestamp {
        self.end + SECOND
    }

    /// Renews those that are due, the oldest first, as requests do that began a moment before the end.
    pub fn renew(&self, store: &AnyStore) -> Renewals {
        let (due, store) = (self.due.clone(), store.clone());
        let (done, progress) = watch::channel(0);
        let renewed = tokio::spawn(async move {
            let mut renewed = Vec::new();
            // Two at a time, about as fast as they are swept.
            for due in due.rchunks(2) {
                let both = join_all(due.iter().rev().map(|due| due.renew(&store)));
                renewed.extend(both.await);
                done.send_replace(renewed.len());
            }
            renewed.reverse();
            renewed
        });
        Renewals { renewed, progress }
    }

    /// Counts whether what is there agrees with what was said, and gives how many are gone.
    ///
    /// # Errors
    ///
    /// When the store fails.
    pub async fn audit(
        &self,
        store: &AnyStore,
        renewed: &[Renewed],
        tally: &mut Tally,
    ) -> Result<u64> {
        let mut gone = self.expired.len() as u64;
        for key in &self.expired {
            // By a clock by which they have not ended.
            if there(store, key, self.end - LIFETIME).await? {
                tally.wrong("an expired session was not swept".to_owned());
                gone -= 1;
            }
        }
        for (due, renewed) in self.due.iter().zip(renewed) {
            let there = there(store, &due.key, self.over()).await?;
            gone += u64::from(!there);
            match renewed {
                Renewed::Stored => {
                    tally.acknowledged += 1;
                    if !there {
                        tally.lost += 1;
                        tally.finding("a session was swept that had been renewed".to_owned());
                    }
                }
                Renewed::Gone if there => {
                    tally.wrong("a session that is there was called gone".to_owned());
                }
                Renewed::Gone => {}
                Renewed::Unknown => tally.unknown += 1,
                Renewed::Unavailable => tally.unavailable += 1,
            }
        }
        Ok(gone)
    }
}

/// Renewals under way.
pub struct Renewals {
    renewed: JoinHandle<Vec<Renewed>>,
    progress: watch::Receiver<usize>,
}

impl Renewals {
    /// Waits until so many have been done.
    pub async fn reach(&mut self, number: usize) {
        // An error means that all have.
        let _ = self.progress.wait_for(|done| *done >= number).await;
    }

    /// Waits for all, and gives what was said of each.
    ///
    /// # Errors
    ///
    /// When one has panicked.
    pub async fn all(self) -> Result<Vec<Renewed>> {
        Ok(self.renewed.await?)
    }
}

impl Due {
    async fn make(store: &AnyStore, key: StoredKey, end: Timestamp, saved: bool) -> Result<Self> {
        create(store, &key, end).await?;
        let loaded = patiently(async || store.load_for_write(&key, end - SECOND).await).await?;
        let version = loaded.and_then(|loaded| loaded.version);
        Ok(Self { key, version: version.context("what is there has a version")?, end, saved })
    }

    async fn renew(&self, store: &AnyStore) -> Renewed {
        let Self { key, version, end, saved } = self;
        let (now, expire_date) = (*end - SECOND, *end + LIFETIME);
        let renewed = if *saved {
            let write = Write { session_data: data(key, now), expire_date, fields: fields() };
            store.swap(key, version, write, now).await.map(|swapped| match swapped {
                Swapped::Swapped(_) => Renewed::Stored,
                Swapped::Moved(_) | Swapped::Gone => Renewed::Gone,
            })
        } else {
            store.touch(key, version, expire_date, now).await.map(|touched| match touched {
                Touched::Touched(_) => Renewed::Stored,
                Touched::Moved(_) | Touched::Gone => Renewed::Gone,
            })
        };
        renewed.unwrap_or_else(|error| match error {
            StoreError::Unknown { .. } => Renewed::Unknown,
            _ => Renewed::Unavailable,
        })
    }
}

fn key(kind: &str, name: &str, number: usize) -> StoredKey {
    StoredKey::from(format!("{:x<32}", format!("{kind}{name}n{number:05}")))
}

fn fields() -> SessionDict {
    dict(r#"{"a":1}"#)
}

/// As a site writes it: a folder of files looks into them for their end.
fn data(key: &StoredKey, now: Timestamp) -> SessionData {
    let context = Context { stored_key: key, now, loaded_stamp: None };
    let codec = codec(SECRET_KEY, Limits::default());
    codec.encode(&fields(), &context).expect("small data can be encoded")
}

async fn create(store: &AnyStore, key: &StoredKey, expire_date: Timestamp) -> Result<()> {
    let now = expire_date - LIFETIME;
    let session_data = data(key, now);
    let record = SessionRecord { session_key: key.clone(), session_data, expire_date };
    let created = patiently(async || store.create(record.clone(), fields(), now).await).await?;
    ensure!(matches!(created, Created::Created(_)), "a key of a test's own is free");
    Ok(())
}

async fn there(store: &AnyStore, key: &StoredKey, now: Timestamp) -> Result<bool> {
    Ok(patiently(async || store.load(key, now).await).await?.is_some())
}
