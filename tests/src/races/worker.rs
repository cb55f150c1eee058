//! A worker: asks for one thing after the other, and records what comes of it.

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use axum::Router;
use lodger_core::{SessionEngine, SessionKey};
use lodger_testing::history::{Event, KeyDigest, Operation, Recorder, Seen};

use super::ask::{Answer, Ask, Deadline, outcome};
use super::board::Board;
use super::plan::{Draw, Plan};
use super::{http_door, manager_door};

/// How a worker reaches the sessions.
#[derive(Clone)]
pub(super) struct Doors {
    pub(super) engine: Arc<dyn SessionEngine>,
    pub(super) site: Router,
}

/// A worker, and what it shares with others.
pub(super) struct Worker<W: Write> {
    pub(super) process: u32,
    pub(super) task: u32,
    pub(super) doors: Doors,
    pub(super) board: Arc<Board>,
    pub(super) recorder: Arc<Recorder<W>>,
}

impl Doors {
    pub(super) fn to(engine: Arc<dyn SessionEngine>) -> Self {
        Self { site: http_door::site(Arc::clone(&engine)), engine }
    }
}

impl<W: Write> Worker<W> {
    /// Does its share of a plan, and gives the number of events.
    pub(super) async fn work(&self, plan: &Plan) -> Result<usize> {
        let mut draws = plan.draws(self.process, self.task);
        let (share, mut events) = (plan.share(), 0);
        for number in 0_u64.. {
            if events >= share {
                break;
            }
            let draw = draws.draw();
            let Some(ask) = self.prepare(&draw, number, plan) else {
                // Another process is about to make this session.
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            };
            events += self.ask(&draw, ask, number).await?;
        }
        Ok(events)
    }

    /// What is asked for: as drawn, or a session where none is yet.
    fn prepare(&self, draw: &Draw, number: u64, plan: &Plan) -> Option<Ask> {
        let key = self.board.key(draw.slot, draw.old_key);
        let mine = u32::try_from(draw.slot).is_ok_and(|slot| slot % plan.processes == self.process);
        let operation = match key {
            Some(_) => draw.operation,
            None if mine => Operation::Create,
            None => return None,
        };
        Some(self.describe(operation, key, draw, number))
    }

    fn describe(
        &self,
        operation: Operation,
        key: Option<SessionKey>,
        draw: &Draw,
        number: u64,
    ) -> Ask {
        use Operation::{Expire, Flush, Increment, Load, Revoke, Save, Touch};
        let tagged = !matches!(operation, Load | Increment | Touch | Flush | Revoke);
        Ask {
            operation,
            key,
            tag: tagged.then(|| format!("{}.{}.{number}", self.process, self.task)),
            field: (operation == Save).then(|| format!("w{}.{}", self.process, self.task)),
            by: (operation == Increment).then(|| i64::from(draw.choice % 5) + 1),
            // A fifth of all takes its time.
            pause: Duration::from_micros(if number.is_multiple_of(5) {
                u64::from(draw.choice) * 10
            } else {
                0
            }),
            deadline: (operation == Expire).then(|| Deadline::after(i64::from(draw.choice))),
        }
    }

    /// Asks, records, and passes on what others need to know; gives the number of events.
    async fn ask(&self, draw: &Draw, ask: Ask, number: u64) -> Result<usize> {
        let answer = if draw.http && ask.operation != Operation::Revoke {
            http_door::ask(&self.doors.site, ask.clone()).await
        } else {
            manager_door::ask(&self.doors.engine, &ask).await
        };
        let events = self.record(&ask, &answer)?;
        if let Some(new_key) = answer.deed.and_then(|deed| deed.new_key) {
            self.board.hand_out(draw.slot, ask.key.as_ref(), new_key);
        }
        // Some look at what has ended before somebody begins anew.
        let ended = answer.look.is_some_and(|look| look.seen == Ok(Seen::Absent));
        if ended
            && draw.choice.is_multiple_of(3)
            && self.board.is_current(draw.slot, ask.key.as_ref())
        {
            return Ok(events + self.begin_anew(draw, &ask, number).await?);
        }
        Ok(events)
    }

    /// Makes a session in the place of one that has ended.
    async fn begin_anew(&self, draw: &Draw, ended: &Ask, number: u64) -> Result<usize> {
        let ask = self.describe(Operation::Create, None, draw, number);
        let ask = Ask { tag: ask.tag.map(|tag| tag + "n"), ..ask };
        let answer = manager_door::ask(&self.doors.engine, &ask).await;
        let events = self.record(&ask, &answer)?;
        if let Some(new_key) = answer.deed.and_then(|deed| deed.new_key) {
            self.board.hand_out(draw.slot, ended.key.as_ref(), new_key);
        }
        Ok(events)
    }

    /// Loads every key once more, when all others are done.
    pub(super) async fn look_again(&self, keys: &[SessionKey]) -> Result<usize> {
        let mut events = 0;
        for key in keys {
            let ask = Ask {
                operation: Operation::Load,
                key: Some(key.clone()),
                tag: None,
                field: None,
                by: None,
                deadline: None,
                pause: Duration::ZERO,
            };
            let answer = manager_door::ask(&self.doors.engine, &ask).await;
            events += self.record(&ask, &answer)?;
        }
        Ok(events)
    }

    /// Records the load and the write of an answer, and gives their number.
    fn record(&self, ask: &Ask, answer: &Answer) -> Result<usize> {
        let event = |operation, invoked_at, completed_at, error| Event {
            process: self.process,
            worker: self.task,
            key: ask.key.as_ref().map(KeyDigest::of),
            outcome: outcome(error),
            error,
            ..Event::new(operation, invoked_at, completed_at)
        };
        let mut events = Vec::new();
        if let Some(look) = answer.look.as_ref().filter(|_| ask.key.is_some()) {
            let error = look.seen.as_ref().err().copied();
            // A cookie that comes with the answer belongs to the write, if there is one.
            let set_cookie = answer.set_cookie.filter(|_| answer.deed.is_none());
            let loaded = event(Operation::Load, look.invoked_at, look.completed_at, error);
            let (seen, version) = (look.seen.clone().ok(), look.version.clone());
            events.push(Event { seen, version, set_cookie, ..loaded });
        }
        if let Some(deed) = &answer.deed {
            let error = deed.result.err();
            events.push(Event {
                new_key: deed.new_key.as_ref().map(KeyDigest::of),
                tag: ask.tag.clone(),
                field: ask.field.clone(),
                by: ask.by,
                deadline: ask.deadline.map(|deadline| deadline.micros),
                set_cookie: answer.set_cookie,
                ..event(ask.operation, deed.invoked_at, deed.completed_at, error)
            });
        }
        for event in &events {
            self.recorder.record(event).context("the history cannot be written")?;
        }
        Ok(events.len())
    }
}
