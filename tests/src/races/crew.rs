//! The workers of one process.

use std::io::Write;
use std::sync::Arc;

use anyhow::{Context, Result};
use lodger_core::SessionEngine;
use lodger_testing::history::Recorder;
use tokio::task::JoinSet;

use super::board::Board;
use super::plan::Plan;
use super::worker::{Doors, Worker};

/// Has all workers of a process do their shares, and gives the number of events.
pub(super) async fn work<W: Write + Send + 'static>(
    process: u32,
    doors: &Doors,
    plan: Plan,
    board: &Arc<Board>,
    recorder: &Arc<Recorder<W>>,
) -> Result<usize> {
    let mut tasks = JoinSet::new();
    for task in 0..plan.tasks {
        let worker = worker(process, task, doors, board, recorder);
        tasks.spawn(async move { worker.work(&plan).await });
    }
    let mut events = 0;
    while let Some(done) = tasks.join_next().await {
        events += done.context("a worker panicked")??;
    }
    Ok(events)
}

/// Has the workers of several engines work in this one process, and then looks at every key again.
pub(super) async fn work_here<W: Write + Send + 'static>(
    doors: Vec<Doors>,
    plan: Plan,
    recorder: &Arc<Recorder<W>>,
) -> Result<usize> {
    let board = Arc::new(Board::new(plan.sessions, |_, _| {}));
    let works = doors.iter().zip(0_u32..).map(|(doors, process)| {
        let board = Arc::clone(&board);
        async move { work(process, doors, plan, &board, recorder).await }
    });
    let done = futures_util::future::try_join_all(works).await?;
    let first = doors.first().context("nobody works without an engine")?;
    let again = look_again(plan, &first.engine, board.made(), recorder).await?;
    Ok(done.into_iter().sum::<usize>() + again)
}

/// Loads every key once more, as a process of its own.
pub(super) async fn look_again<W: Write>(
    plan: Plan,
    engine: &Arc<dyn SessionEngine>,
    keys: Vec<lodger_core::SessionKey>,
    recorder: &Arc<Recorder<W>>,
) -> Result<usize> {
    let board = Arc::new(Board::new(0, |_, _| {}));
    let doors = Doors::to(Arc::clone(engine));
    worker(plan.processes, 0, &doors, &board, recorder).look_again(&keys).await
}

fn worker<W: Write>(
    process: u32,
    task: u32,
    doors: &Doors,
    board: &Arc<Board>,
    recorder: &Arc<Recorder<W>>,
) -> Worker<W> {
    let (doors, board, recorder) = (doors.clone(), Arc::clone(board), Arc::clone(recorder));
    Worker { process, task, doors, board, recorder }
}
