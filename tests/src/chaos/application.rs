//! Applications that are killed in the middle of saves.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::apart::{Apart, Errand, VISITORS, command};
use super::backend::open;
use super::ledger::Ledger;
use super::place;
use super::row::Tally;
use super::stage::{Stage, site};
use super::strace;
use super::traffic::{audit, recovery};

/// The calls that change what is on a disk.
pub const STEPS: &str = "?write,?pwrite64,?writev,?pwritev,?fsync,?fdatasync,?rename,?renameat,\
                         ?renameat2,?link,?linkat,?unlink,?unlinkat,?ftruncate,?utimensat,?fchmod,?flock";
/// More steps than any run has.
pub const MOST_STEPS: u64 = 150;

/// At any time.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn killed(stage: &Stage) -> Result<Tally> {
    let folder = tempfile::tempdir()?;
    let url = place::make(stage.backend, folder.path()).await?;
    killed_over(stage, &url).await
}

/// The same, over a store that is there.
pub(super) async fn killed_over(stage: &Stage, url: &str) -> Result<Tally> {
    let site = site(open(url).await?);
    let (mut ledger, mut tally) = (Ledger::for_visitors(VISITORS), Tally::default());
    let mut dice = stage.dice.clone();
    for _ in 0..stage.times(60) {
        let errand = Errand { url, seed: dice.below(u64::MAX), visits: 0 };
        let apart = Apart::start(command(&stage.program), errand, &ledger)?;
        tokio::time::sleep(Duration::from_micros(30_000 + dice.below(60_000))).await;
        tally.injections += u64::from(apart.kill(&mut ledger)?);
        ledger.settle();
        tally.recovered_in(recovery(&site).await?);
        audit(&mut ledger, &site).await?;
    }
    tally += ledger.tally;
    Ok(tally)
}

/// At each call that changes what is on the disk, one after the other.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn killed_at_each_step(stage: &Stage) -> Result<Tally> {
    at_each_step(stage, |traced| traced, |_, _| Ok(())).await
}

/// The same under a umask that takes nothing away: no file that is left is for others.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn killed_under_open_umask(stage: &Stage) -> Result<Tally> {
    let open = |traced: Command| {
        let mut shell = Command::new("sh");
        shell.args(["-c", r#"umask 0; exec "$@""#, "sh"]);
        shell.arg(traced.get_program()).args(traced.get_args());
        shell
    };
    at_each_step(stage, open, |folder, tally| {
        for entry in std::fs::read_dir(folder)? {
            let mode = entry?.metadata()?.permissions().mode();
            if mode & 0o077 != 0 {
                tally.wrong(format!("a file has the mode {mode:o}"));
            }
        }
        Ok(())
    })
    .await
}

async fn at_each_step(
    stage: &Stage,
    start: impl Fn(Command) -> Command,
    look: impl Fn(&Path, &mut Tally) -> Result<()>,
) -> Result<Tally> {
    strace::check()?;
    let folder = tempfile::tempdir()?;
    let url = place::make(stage.backend, folder.path()).await?;
    let site = site(open(&url).await?);
    let (mut ledger, mut tally) = (Ledger::for_visitors(VISITORS), Tally::default());
    let stride = if stage.quick { 10 } else { 1 };
    for step in (1..MOST_STEPS).step_by(stride) {
        let inject = format!("{STEPS}:signal=KILL:when={step}");
        let errand = Errand { url: &url, seed: stage.dice.fork(step).below(u64::MAX), visits: 4 };
        let command = start(strace::command(&inject, &stage.program));
        let (begun, well) = Apart::start(command, errand, &ledger)?.wait(&mut ledger)?;
        look(folder.path(), &mut tally)?;
        audit(&mut ledger, &site).await?;
        if well {
            break;
        }
        tally.injections += u64::from(begun);
    }
    tally += ledger.tally;
    Ok(tally)
}
