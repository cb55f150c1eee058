//! One race from beginning to end: a place, workers, a history, and what the checker says of it.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use lodger_backends::memory::{MemoryCache, MemoryStore};
use lodger_core::AnyStore;
use lodger_testing::history::{Checker, Recorder, Verdict, read};

use super::engine::{cached_db, engine};
use super::process::Race;
use super::worker::Doors;
use super::{Plan, RaceBackend, Tally, crew};
use crate::database::{Backend, OwnDatabase};
use crate::shared_site::{OwnStore, StoreAddress, patient};

/// One race.
pub struct Round<'a> {
    /// The store.
    pub backend: RaceBackend,
    /// What is asked for.
    pub plan: Plan,
    /// The program that other processes run: that of this package.
    pub program: &'a Path,
    /// Where the history is left.
    pub folder: &'a Path,
}

impl Round<'_> {
    /// Runs the race, and checks its history; `None`, noted as a skip, if a server is not there.
    ///
    /// # Errors
    ///
    /// When the race cannot be run to its end.
    pub async fn run(&self) -> Result<Option<(Tally, Verdict)>> {
        match self.backend.place() {
            Some(place) => {
                let Some(store) = OwnStore::create(place).await else { return Ok(None) };
                let raced = self.race(store.address()).await;
                store.close().await;
                raced?;
            }
            None => self.race_in_one_process().await?,
        }
        // Two reads during one write may see it in the wrong order where a copy answers one of them.
        check_file(&self.history(), self.backend.is_cached()).map(Some)
    }

    /// The file of the history.
    #[must_use]
    pub fn history(&self) -> PathBuf {
        self.folder.join(format!("{}-{}.jsonl", self.backend, self.plan.seed))
    }

    async fn race(&self, address: &StoreAddress) -> Result<()> {
        let part = |process: u32| self.history().with_extension(format!("{process}.part"));
        let parts: Vec<PathBuf> = (0..self.plan.processes).map(part).collect();
        let (program, plan, files) = (self.program.to_owned(), self.plan, parts.clone());
        let common = address.clone();
        let race = tokio::task::spawn_blocking(move || Race::run(&program, &common, plan, &files));
        let keys = race.await??;
        let mut history = File::create(self.history())?;
        for part in parts {
            io::copy(&mut File::open(&part)?, &mut history)?;
            fs::remove_file(part)?;
        }
        let recorder = Arc::new(Recorder::new(history));
        let engine = engine(address.open(&patient()).await?)?;
        crew::look_again(self.plan, &engine, keys, &recorder).await?;
        finish(recorder)
    }

    async fn race_in_one_process(&self) -> Result<()> {
        if !self.backend.is_cached() {
            return self.race_over(AnyStore::new(MemoryStore::default())).await;
        }
        let database = OwnDatabase::create(Backend::Sqlite).await.context("SQLite is there")?;
        let raced = self.race_over(cached_db(MemoryCache::default(), &database)).await;
        database.close().await;
        raced
    }

    async fn race_over(&self, store: AnyStore) -> Result<()> {
        let doors = |_| Ok(Doors::to(engine(store.clone())?));
        let doors = (0..self.plan.processes).map(doors).collect::<Result<Vec<Doors>>>()?;
        let recorder = Arc::new(Recorder::new(File::create(self.history())?));
        crew::work_here(doors, self.plan, &recorder).await?;
        finish(recorder)
    }
}

fn finish(recorder: Arc<Recorder<File>>) -> Result<()> {
    Arc::into_inner(recorder).context("all workers are done")?.finish()?;
    Ok(())
}

/// Checks a history in a file.
fn check_file(file: &Path, overlapping_reads: bool) -> Result<(Tally, Verdict)> {
    let lines = BufReader::new(File::open(file).with_context(|| format!("no history {file:?}"))?);
    let events = read(lines).with_context(|| format!("the history {file:?}"))?;
    let checker = match overlapping_reads {
        true => Checker::new().with_overlapping_reads(),
        false => Checker::new(),
    };
    let verdict = checker.check(&events);
    Ok((Tally::of(&events, &verdict), verdict))
}

/// Checks files, each a history of its own.
///
/// # Errors
///
/// When one cannot be read.
pub fn check_files(
    files: &[PathBuf],
    overlapping_reads: bool,
) -> Result<Vec<(PathBuf, Tally, Verdict)>> {
    let check = |file: &PathBuf| {
        let (tally, verdict) = check_file(file, overlapping_reads)?;
        Ok((file.clone(), tally, verdict))
    };
    files.iter().map(check).collect()
}
