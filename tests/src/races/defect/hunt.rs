//! Looking for a seeded defect.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use anyhow::{Context, Result};
use lodger_backends::memory::MemoryStore;
use lodger_core::{AnyStore, SessionEngine};
use lodger_manager::SessionManager;
use lodger_testing::history::{Checker, Code, Recorder, Verdict, read};

use super::cache::{ForgottenCache, LeaselessCache};
use super::engine::ResendingEngine;
use super::few_keys::FewKeys;
use super::flawed_store::FlawedStore;
use super::{Defect, site};
use crate::database::{Backend, OwnDatabase};
use crate::races::engine::{cached_db, engine, session_codec};
use crate::races::worker::Doors;
use crate::races::{Plan, crew};

/// How long a defect is looked for.
#[derive(Clone, Copy, Debug)]
pub struct Hunt {
    /// What is asked for in one race; each further one has the next seed.
    pub plan: Plan,
    /// How many races there are at most.
    pub races: u64,
}

/// A defect that was found.
#[derive(Clone, Copy, Debug)]
pub struct Caught {
    /// As what it showed.
    pub code: Code,
    /// After how many events.
    pub events: usize,
}

impl Hunt {
    /// Few workers on few sessions, and at most 120,000 events: most defects show in every race,
    /// some in one of several.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        let plan = Plan { sessions: 6, processes: 3, tasks: 4, events: 1500, seed };
        Self { plan, races: 80 }
    }

    /// Races over a defect until it is found; `None` if it is not.
    ///
    /// # Errors
    ///
    /// When a race cannot be run.
    pub async fn run(&self, defect: Defect) -> Result<Option<Caught>> {
        let mut events = 0;
        for race in 0..self.races {
            let plan = Plan { seed: self.plan.seed + race, ..self.plan };
            let verdict = race_over(defect, plan).await?;
            events += verdict.events;
            let mut found = verdict.anomalies.iter().map(|anomaly| anomaly.code);
            if let Some(code) = found.find(|code| defect.shows_as().contains(code)) {
                return Ok(Some(Caught { code, events }));
            }
        }
        Ok(None)
    }
}

async fn race_over(defect: Defect, plan: Plan) -> Result<Verdict> {
    let database = match defect {
        Defect::DeleteForgetsCache | Defect::FillWithoutLease => {
            OwnDatabase::create(Backend::Sqlite).await
        }
        _ => None,
    };
    let cached = |database: &OwnDatabase| match defect {
        Defect::DeleteForgetsCache => cached_db(ForgottenCache::default(), database),
        _ => cached_db(LeaselessCache::default(), database),
    };
    let memory = || AnyStore::new(FlawedStore::new(AnyStore::new(MemoryStore::default()), defect));
    let store = database.as_ref().map_or_else(memory, cached);
    let recorder = Arc::new(Recorder::new(Vec::new()));
    let doors = (0..plan.processes).map(|_| doors(defect, store.clone()));
    let doors = doors.collect::<Result<Vec<Doors>>>()?;
    crew::work_here(doors, plan, &recorder).await?;
    if let Some(database) = database {
        database.close().await;
    }
    let history = Arc::into_inner(recorder).context("all workers are done")?.finish()?;
    Ok(Checker::new().check(&read(&history[..])?))
}

fn doors(defect: Defect, store: AnyStore) -> Result<Doors> {
    let engine: Arc<dyn SessionEngine> = match defect {
        Defect::WriteResent => {
            Arc::new(ResendingEngine { engine: engine(store)?, commits: AtomicU64::new(0) })
        }
        Defect::CreateOverwrites => {
            let builder = SessionManager::builder(store, session_codec());
            Arc::new(builder.with_rng(FewKeys::default()).build()?)
        }
        _ => engine(store)?,
    };
    let doors = Doors::to(engine);
    Ok(match defect {
        Defect::LoserSetsCookie => {
            Doors { site: site::giving_losers_the_cookie(doors.site), ..doors }
        }
        _ => doors,
    })
}
