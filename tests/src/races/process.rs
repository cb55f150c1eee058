//! Processes that race with each other, and the one that started them.
//!
//! A process reads its orders from the first line of its standard input, and then lines `SLOT KEY`
//! with keys that others were given. It prints such lines itself, and in the end `made KEY` for every
//! key. Keys of races lie in these pipes and nowhere else.

use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result, ensure};
use lodger_core::SessionKey;
use lodger_testing::history::Recorder;
use serde::{Deserialize, Serialize};

use super::board::Board;
use super::crew;
use super::engine::engine;
use super::plan::Plan;
use super::worker::Doors;
use crate::shared_site::{StoreAddress, patient};

/// What a process is told to do.
#[derive(Serialize, Deserialize)]
struct Orders {
    address: StoreAddress,
    plan: Plan,
    process: u32,
    history: PathBuf,
}

/// Does what the standard input says, as one of the processes.
///
/// # Errors
///
/// When the orders cannot be read or the store cannot be opened.
pub async fn serve() -> Result<()> {
    let mut lines = BufReader::new(std::io::stdin()).lines();
    let orders = lines.next().context("no orders came")??;
    let Orders { address, plan, process, history } = serde_json::from_str(&orders)?;
    let doors = Doors::to(engine(address.open(&patient()).await?)?);
    let board = Arc::new(Board::new(plan.sessions, |slot, key| {
        // Nobody is left to be told when the one who started this process is gone.
        let _ = say(&format!("{slot} {}", key.expose()));
    }));
    let others = Arc::clone(&board);
    std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            if let Some((slot, key)) = slot_and_key(&line).filter(|(slot, _)| *slot < plan.sessions)
            {
                others.put(slot, key);
            }
        }
    });
    let recorder = Arc::new(Recorder::new(File::create(history)?));
    crew::work(process, &doors, plan, &board, &recorder).await?;
    for key in board.made() {
        say(&format!("made {}", key.expose()))?;
    }
    let recorder = Arc::into_inner(recorder).context("all workers are done")?;
    recorder.finish()?;
    Ok(())
}

fn say(line: &str) -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}

fn slot_and_key(line: &str) -> Option<(usize, SessionKey)> {
    let (slot, key) = line.split_once(' ')?;
    Some((slot.parse().ok()?, SessionKey::parse(key, 128).ok()?))
}

/// Processes that race; killed if this is dropped before they are done.
pub(super) struct Race {
    children: Vec<Child>,
}

impl Race {
    /// Runs a program as so many processes over a place, has each write its history, and gives all keys
    /// that were made.
    pub(super) fn run(
        program: &Path,
        address: &StoreAddress,
        plan: Plan,
        histories: &[PathBuf],
    ) -> Result<Vec<SessionKey>> {
        let (mut race, mut inputs, mut outputs) = (Self { children: Vec::new() }, vec![], vec![]);
        for (process, history) in (0..plan.processes).zip(histories) {
            let mut command = Command::new(program);
            command.arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped());
            let mut child = command.spawn().context("a process of the race does not start")?;
            let mut input = child.stdin.take().context("its input is piped")?;
            let (address, history) = (address.clone(), history.clone());
            let orders = serde_json::to_string(&Orders { address, plan, process, history })?;
            writeln!(input, "{orders}")?;
            inputs.push(Mutex::new(input));
            outputs.push(child.stdout.take().context("its output is piped")?);
            race.children.push(child);
        }
        let keys = Mutex::default();
        std::thread::scope(|scope| {
            for (process, output) in outputs.into_iter().enumerate() {
                let (inputs, keys) = (&inputs, &keys);
                scope.spawn(move || pass_on(process, output, inputs, keys));
            }
        });
        for child in &mut race.children {
            ensure!(child.wait()?.success(), "a process of the race failed");
        }
        Ok(keys.into_inner().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Drop for Race {
    fn drop(&mut self) {
        for child in &mut self.children {
            // An error means that it has ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Passes the keys that one process prints on to the others, and keeps those that it made.
fn pass_on(
    process: usize,
    output: ChildStdout,
    inputs: &[Mutex<ChildStdin>],
    keys: &Mutex<Vec<SessionKey>>,
) {
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(key) = line.strip_prefix("made ") {
            let key = SessionKey::parse(key, 128).ok();
            keys.lock().unwrap_or_else(PoisonError::into_inner).extend(key);
            continue;
        }
        let others = inputs.iter().enumerate().filter(|(other, _)| *other != process);
        for (_, input) in others {
            // A process that is done reads no more.
            let _ = writeln!(input.lock().unwrap_or_else(PoisonError::into_inner), "{line}");
        }
    }
}
