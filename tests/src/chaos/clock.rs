//! Clocks that jump.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use lodger_core::{AnyStore, Clock, Settings, Span, SystemClock, Timestamp};
use lodger_testing::FakeClock;
use tokio::task::JoinSet;

use super::backend::{Backend, open_with};
use super::dice::Dice;
use super::ledger::{Deed, Event, Ledger};
use super::life::{Life, Times};
use super::row::Tally;
use super::stage::{Stage, present};
use super::traffic::{audit, flows, lock, recovery};
use super::visitor::{Tags, act, seen};
use crate::site::{SECRET_KEY, Site, codec};

const VISITORS: usize = 6;
const HOUR: Span = Span::from_secs(3600);

/// The clock jumps past the ends of sessions, back, to the ends of the calendar and by next to nothing,
/// and home again each time.
///
/// # Errors
///
/// When visits are not answered any more.
pub async fn jumps(stage: &Stage) -> Result<Tally> {
    let (url, _held) = stage.url().await?;
    let (mut limited, mut unlimited) = (Settings::default(), Settings::default());
    (limited.idle_age, limited.absolute_age) = (Some(HOUR), Some(Span::from_secs(8 * 3600)));
    // So long that memcached is told a date.
    unlimited.cookie_age = Span::from_secs(60 * 86_400);
    let mut tally = Tally::default();
    for settings in [limited, unlimited] {
        tally += with_settings(stage, &url, settings).await?;
    }
    Ok(tally)
}

/// What the clock does.
#[derive(Clone, Copy, Debug)]
enum Jump {
    /// Past the end of sessions that nobody uses.
    PastIdle,
    /// Past the end of all sessions.
    PastAll,
    /// Back by some hours.
    Back,
    /// Back or forth by less than two seconds.
    Step,
    /// To 1970.
    Epoch,
    /// Near the end of the calendar, or to it.
    End,
}

impl Jump {
    const ALL: [Self; 6] =
        [Self::PastIdle, Self::PastAll, Self::Back, Self::Step, Self::Epoch, Self::End];

    fn from(self, now: Timestamp, end: Timestamp, dice: &mut Dice) -> Timestamp {
        let mut up_to = |span: Span| Span::from_micros(dice.below(span.as_micros() as u64) as i64);
        match self {
            Self::PastIdle => now + HOUR + up_to(HOUR),
            Self::PastAll => now + Span::from_secs(100 * 86_400) + up_to(HOUR),
            Self::Back => now - HOUR - up_to(Span::from_secs(48 * 3600)),
            Self::Step => now + up_to(Span::from_secs(4)) - Span::from_secs(2),
            Self::Epoch => Timestamp::from_secs(0) + up_to(HOUR),
            Self::End => (end - HOUR + up_to(HOUR) + up_to(HOUR)).min(end),
        }
    }
}

/// A clock, and all that it has shown.
struct Clockwork {
    clock: FakeClock,
    shown: Mutex<Vec<Timestamp>>,
}

impl Clockwork {
    fn set(&self, now: Timestamp) {
        let mut shown = self.shown();
        shown.push(now);
        self.clock.set(now);
    }

    fn moment(&self) -> usize {
        self.shown().len() - 1
    }

    /// What it has shown since a moment.
    fn since(&self, moment: usize) -> Times {
        Times::of(&self.shown()[moment..])
    }

    fn shown(&self) -> MutexGuard<'_, Vec<Timestamp>> {
        self.shown.lock().expect("nobody panics under the lock")
    }
}

async fn with_settings(stage: &Stage, url: &str, settings: Settings) -> Result<Tally> {
    let codec = codec(SECRET_KEY, settings.limits.clone());
    let store = open_with(url, codec, &settings).await?;
    let site = present(Site::with_settings(store, settings.clone()));
    // What a file system is sure to keep; the format has no other place for it.
    let kept = Timestamp::from_secs(15_000_000_000);
    let end = if stage.backend == Backend::File { kept } else { Timestamp::MAX };
    let shown = Mutex::new(vec![site.clock.now()]);
    let clockwork = Arc::new(Clockwork { clock: site.clock.clone(), shown });
    let ledger = Arc::new(Mutex::new(Ledger::for_visitors(VISITORS)));
    let (done, tags) = (Arc::new(AtomicBool::new(false)), Tags::default());
    let mut visitors = JoinSet::new();
    for number in 0..VISITORS {
        let mut visitor = Visitor {
            number,
            life: None,
            server_ends: matches!(stage.backend, Backend::Redis | Backend::Memcached),
            tags: tags.clone(),
            dice: stage.dice.fork(number as u64),
            settings: settings.clone(),
            ledger: Arc::clone(&ledger),
            clockwork: Arc::clone(&clockwork),
        };
        let (site, done) = (site.clone(), Arc::clone(&done));
        visitors.spawn(async move {
            while !done.load(Ordering::SeqCst) {
                visitor.visit(&site).await;
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            visitor
        });
    }
    let (mut dice, mut tally) = (stage.dice.clone(), Tally::default());
    for jump in Jump::ALL.repeat(stage.times(10) as usize) {
        flows(&ledger, 20).await?;
        clockwork.set(jump.from(SystemClock.now(), end, &mut dice));
        flows(&ledger, 20).await?;
        clockwork.set(SystemClock.now());
        tally.injections += 2;
        tally.recovered_in(recovery(&site).await?);
    }
    flows(&ledger, 20).await?;
    done.store(true, Ordering::SeqCst);
    let now = Times::of(&[site.clock.now()]);
    while let Some(visitor) = visitors.join_next().await {
        let visitor = visitor.context("a visitor panicked")?;
        if visitor.life.is_some_and(|life| !visitor.must_find(life, now)) {
            visitor.ledger().leave(visitor.number);
        }
    }
    let mut ledger = std::mem::take(&mut *lock(&ledger));
    audit(&mut ledger, &site).await?;
    tally += ledger.tally;
    Ok(tally)
}

/// Somebody who knows when sessions end.
struct Visitor {
    number: usize,
    /// When the session may end that the visitor has the key of.
    life: Option<Life>,
    /// Whether a server ends sessions by a clock of its own.
    server_ends: bool,
    tags: Tags,
    dice: Dice,
    settings: Settings,
    ledger: Arc<Mutex<Ledger>>,
    clockwork: Arc<Clockwork>,
}

impl Visitor {
    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        lock(&self.ledger)
    }

    fn must_find(&self, life: Life, times: Times) -> bool {
        life.is_live(times) && (!self.server_ends || life.is_kept())
    }

    fn note(&self, event: Event) {
        self.ledger().note(self.number, event);
    }

    async fn visit(&mut self, site: &Site<AnyStore>) {
        let begun = Instant::now();
        let (moment, key) = (self.clockwork.moment(), self.ledger().key(self.number).cloned());
        let deed = match self.dice.below(16) {
            _ if key.is_none() => Deed::Begin(self.tags.next()),
            0 => Deed::Flush,
            1 | 2 => Deed::Cycle(self.tags.next()),
            _ => Deed::Append(self.tags.next()),
        };
        self.note(Event::Began(deed));
        let Ok(visit) = site.try_visit(key.as_ref()).await else {
            return self.note(Event::Unavailable);
        };
        if key.is_some() {
            let seen = seen(&visit);
            let found = matches!(seen, Event::Found(_));
            if !self.agrees(found, moment) {
                return;
            }
            self.note(seen);
            if !found {
                return self.life = None;
            }
        }
        let ended = act(&visit, deed).await;
        match &ended {
            Event::Gone if !self.agrees(false, moment) => return,
            Event::Gone | Event::Removed => self.life = None,
            Event::Stored(_) | Event::Unknown => {
                if key.is_some() {
                    self.agrees(true, moment);
                }
                let times = self.clockwork.since(moment);
                let saved = Life::saved(self.life, times, begun, &self.settings);
                let may_be_old = self.life.filter(|_| ended == Event::Unknown);
                self.life = Some(may_be_old.map_or(saved, |old| old.or(saved)));
            }
            _ => {}
        }
        self.note(ended);
    }

    /// Whether it is to be noted that the session was found, or was not: it is not where its time may
    /// be over, which ends the visit.
    fn agrees(&mut self, found: bool, moment: usize) -> bool {
        let (times, Some(life)) = (self.clockwork.since(moment), self.life) else { return true };
        if found && life.is_over(times) {
            let wrong = format!("a session is found at {times:?} that lives {life:?}");
            self.ledger().tally.wrong(wrong);
        }
        if found || self.must_find(life, times) {
            return true;
        }
        self.note(Event::Over);
        // Some wait for the clock to be put back.
        if self.dice.below(2) == 0 {
            self.ledger().leave(self.number);
            self.life = None;
        }
        false
    }
}
