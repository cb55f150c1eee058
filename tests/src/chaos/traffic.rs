//! Visitors who go on until they are stopped, and the audit afterwards.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use lodger_core::{AnyStore, SessionDict, SessionKey};
use tokio::task::JoinHandle;

use super::copies::Copies;
use super::dice::Dice;
use super::ledger::Ledger;
use super::row::Tally;
use super::visitor::{Tags, Visitor, seen};
use crate::site::Site;

/// Between two visits of a visitor.
const PAUSE: Duration = Duration::from_millis(2);
/// After one that was not answered.
const PATIENCE: Duration = Duration::from_millis(20);
/// When a fault is over, by then everything must be answered again.
pub(super) const RECOVERY: Duration = Duration::from_secs(30);

/// Visitors of a site.
pub struct Traffic {
    site: Site<AnyStore>,
    ledger: Arc<Mutex<Ledger>>,
    done: Arc<AtomicBool>,
    visitors: Vec<JoinHandle<()>>,
}

impl Traffic {
    /// Lets so many visitors begin.
    #[must_use]
    pub fn start(site: &Site<AnyStore>, visitors: usize, dice: &Dice) -> Self {
        Self::with_patience(site, visitors, dice, |_| None)
    }

    /// Lets so many visitors begin, who wait for so long at most for the end of each visit, and drop it
    /// then.
    #[must_use]
    pub fn with_patience(
        site: &Site<AnyStore>,
        visitors: usize,
        dice: &Dice,
        patience: fn(&mut Dice) -> Option<Duration>,
    ) -> Self {
        let ledger = Arc::new(Mutex::new(Ledger::for_visitors(visitors)));
        let (done, tags) = (Arc::new(AtomicBool::new(false)), Tags::default());
        let begin = |number| {
            let mut visitor = Visitor::new(None, tags.clone(), dice.fork(number as u64));
            let mut dice = dice.fork((visitors + number) as u64);
            let (site, ledger, done) = (site.clone(), Arc::clone(&ledger), Arc::clone(&done));
            tokio::spawn(async move {
                while !done.load(Ordering::SeqCst) {
                    let tell = |event| lock(&ledger).note(number, event);
                    let visit = visitor.visit(&site, tell);
                    let answered = match patience(&mut dice) {
                        Some(patience) => within(patience, visit).await,
                        None => Some(visit.await),
                    };
                    let answered = answered.unwrap_or_else(|| {
                        let mut ledger = lock(&ledger);
                        ledger.tally.injections += 1;
                        ledger.gave_up(number);
                        true
                    });
                    tokio::time::sleep(if answered { PAUSE } else { PATIENCE }).await;
                }
            })
        };
        let visitors = (0..visitors).map(begin).collect();
        Self { site: site.clone(), ledger, done, visitors }
    }

    /// How many calls were refused or left open so far.
    #[must_use]
    pub fn failed(&self) -> u64 {
        let tally = &lock(&self.ledger).tally;
        tally.unavailable + tally.unknown
    }

    /// How many visits were dropped so far.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        lock(&self.ledger).tally.injections
    }

    /// Whoever was to do what visitors had asked for was killed, and is there again.
    pub fn settle(&self) {
        lock(&self.ledger).settle();
    }

    /// From now on there is nothing that could answer, or there may be.
    pub fn set_down(&self, is_down: bool) {
        lock(&self.ledger).set_down(is_down);
    }

    /// Waits until so many more were acknowledged.
    ///
    /// # Errors
    ///
    /// When it takes too long.
    pub async fn flows(&self, saves: u64) -> Result<()> {
        flows(&self.ledger, saves).await
    }

    /// From now on copies in a cache are worth so much.
    pub fn trust(&self, copies: Copies) {
        lock(&self.ledger).trust(copies);
    }

    /// Somebody comes with the keys of those who logged out last, or were given another key.
    pub async fn replay(&self) {
        const LAST: usize = 8;
        let dead = lock(&self.ledger).dead();
        for key in dead.iter().rev().take(LAST) {
            // Where there is no answer there is no wrong one.
            if let Ok(Some(_)) = self.site.manager.find(key).await {
                lock(&self.ledger).risen(key);
            }
        }
    }

    /// Sends the visitors home, and looks whether what is stored agrees with what they were told.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    ///
    /// # Panics
    ///
    /// When a visitor has.
    pub async fn close(self) -> Result<Tally> {
        self.close_after(Duration::ZERO).await
    }

    /// The same, and looks when so much time has passed since the visitors went: by then copies are
    /// right.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    ///
    /// # Panics
    ///
    /// When a visitor has.
    pub async fn close_after(self, time: Duration) -> Result<Tally> {
        self.done.store(true, Ordering::SeqCst);
        for visitor in self.visitors {
            visitor.await.expect("a visitor does not panic");
        }
        tokio::time::sleep(time).await;
        let mut ledger = std::mem::take(&mut *lock(&self.ledger));
        ledger.trust(Copies::Right);
        audit(&mut ledger, &self.site).await?;
        Ok(ledger.tally)
    }
}

/// What a future gives, unless it takes longer. Timers know no microseconds.
async fn within<T>(time: Duration, future: impl Future<Output = T>) -> Option<T> {
    let begun = Instant::now();
    let over = async {
        while begun.elapsed() < time {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        given = future => Some(given),
        () = over => None,
    }
}

/// Waits until so many more saves of visitors were acknowledged.
///
/// # Errors
///
/// When it takes too long.
pub(super) async fn flows(ledger: &Mutex<Ledger>, saves: u64) -> Result<()> {
    let acknowledged = || lock(ledger).tally.acknowledged;
    let (enough, begun) = (acknowledged() + saves, Instant::now());
    while acknowledged() < enough {
        ensure!(begun.elapsed() < RECOVERY, "saves are not acknowledged any more");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

/// The accounts of visitors, which they share.
pub(super) fn lock(ledger: &Mutex<Ledger>) -> MutexGuard<'_, Ledger> {
    ledger.lock().expect("nobody panics under the lock")
}

/// Compares what is stored with what visitors were told.
///
/// # Errors
///
/// When the store does not answer.
pub async fn audit(ledger: &mut Ledger, site: &Site<AnyStore>) -> Result<()> {
    for (visitor, key) in ledger.live() {
        let visit = patiently(async || site.try_visit(Some(&key)).await).await?;
        ledger.note(visitor, seen(&visit));
    }
    for key in ledger.vanished() {
        ledger.settle_vanished(find(site, &key).await?.is_some());
    }
    for key in ledger.dead() {
        if find(site, &key).await?.is_some() {
            ledger.risen(&key);
        }
    }
    Ok(())
}

/// What is live under a key, asked until there is an answer.
///
/// # Errors
///
/// When there is none in time.
pub async fn find(site: &Site<AnyStore>, key: &SessionKey) -> Result<Option<SessionDict>> {
    patiently(async || site.manager.find(key).await).await
}

/// Asks until there is an answer.
///
/// # Errors
///
/// When there is none in time.
pub async fn patiently<T, E: Into<anyhow::Error>>(
    ask: impl AsyncFn() -> Result<T, E>,
) -> Result<T> {
    let begun = Instant::now();
    loop {
        match ask().await {
            Ok(answer) => return Ok(answer),
            Err(error) if begun.elapsed() > RECOVERY => return Err(error.into()),
            Err(_) => tokio::time::sleep(Duration::from_millis(2)).await,
        }
    }
}

/// How long it takes until a load is answered, from now on.
///
/// # Errors
///
/// When it takes too long.
///
/// # Panics
///
/// Never.
pub async fn recovery(site: &Site<AnyStore>) -> Result<Duration> {
    let nobodys = SessionKey::parse("nobodyhasthiskey0123456789abcdef", 128)?;
    let begun = Instant::now();
    find(site, &nobodys).await?;
    Ok(begun.elapsed())
}
