//! One race from beginning to end: a place, workers, a history, and what the checker says of it.

use std::fs::{self, File};
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result};
use lodger_testing::history::{Checker, Recorder, Verdict, read};

use super::place::{Place, engine};
use super::process::Race;
use super::worker::Doors;
use super::{Plan, RaceBackend, Tally, crew};

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
        let Some(place) = Place::make(self.backend).await else { return Ok(None) };
        let raced = self.race(&place).await;
        place.close().await;
        raced?;
        check_file(&self.history(), self.overlaps()).map(Some)
    }

    /// The file of the history.
    #[must_use]
    pub fn history(&self) -> PathBuf {
        self.folder.join(format!("{}-{}.jsonl", self.backend, self.plan.seed))
    }

    /// Whether some reads are answered by a copy and others by the original, so that two during one
    /// write may see it in the wrong order.
    fn overlaps(&self) -> bool {
        self.backend.cache().is_some()
    }

    async fn race(&self, place: &Place) -> Result<()> {
        if self.backend.is_of_one_process() {
            return self.race_here(place).await;
        }
        let part = |process: u32| self.history().with_extension(format!("{process}.part"));
        let parts: Vec<PathBuf> = (0..self.plan.processes).map(part).collect();
        let (program, address, plan) = (self.program.to_owned(), place.address.clone(), self.plan);
        let files = parts.clone();
        let race = tokio::task::spawn_blocking(move || Race::run(&program, &address, plan, &files));
        let keys = race.await??;
        let mut history = File::create(self.history())?;
        for part in parts {
            io::copy(&mut File::open(&part)?, &mut history)?;
            fs::remove_file(part)?;
        }
        let recorder = Arc::new(Recorder::new(history));
        let engine = engine(place.address.store().await?)?;
        crew::look_again(self.plan, &engine, keys, &recorder).await?;
        finish(recorder)
    }

    async fn race_here(&self, place: &Place) -> Result<()> {
        let store = place.address.store().await?;
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
