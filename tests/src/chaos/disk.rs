//! Disks that are full, that write less than they were given, and that fail.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use super::apart::{Apart, Errand, VISITORS};
use super::backend::{Backend, open};
use super::ledger::Ledger;
use super::mounted::Mounted;
use super::place;
use super::row::Tally;
use super::stage::{Missing, Stage, site};
use super::strace;
use super::traffic::{Traffic, audit, recovery};

/// How large the disk is that gets full.
const SIZE: u64 = 8 << 20;
const PAGE: u64 = 4096;
/// More steps than any run has.
const MOST_STEPS: u64 = 100;

/// System calls, and how each is made to fail.
type Failing = (&'static str, &'static [&'static str]);

/// Those by which something is written.
const WRITES: &[Failing] = &[
    ("?write,?pwrite64", &["EIO", "ENOSPC", "EDQUOT"]),
    ("?fsync,?fdatasync", &["EIO", "ENOSPC"]),
    ("?rename,?renameat,?renameat2", &["EIO", "ENOSPC"]),
    ("?link,?linkat", &["EIO", "ENOSPC"]),
    ("?unlink,?unlinkat", &["EIO", "EROFS"]),
    ("?ftruncate,?fallocate,?utimensat,?fchmod", &["EIO"]),
];

/// Those by which something is found, read and locked. SQLite waits for most of the locks that it is
/// refused, as if another one held them.
const READS: &[Failing] = &[
    ("?openat", &["EMFILE", "EIO", "ENOSPC"]),
    ("?read,?pread64", &["EIO"]),
    ("?fstat,?statx,?newfstatat", &["EIO"]),
    ("?flock", &["EIO", "ENOLCK"]),
];

/// Somebody else fills the disk, leaves a page or two now and then, and makes room again.
///
/// # Errors
///
/// When saves are not acknowledged again.
pub async fn full(stage: &Stage) -> Result<Tally> {
    let folder = tempfile::tempdir()?;
    let disk = Mounted::memory(&folder.path().join("disk"), SIZE)?;
    let filler = folder.path().join("disk/filler");
    let url = place::make(stage.backend, disk.path()).await?;
    let mut dice = stage.dice.clone();
    let mut tally = Tally::default();
    for _ in 0..stage.times(20) {
        // SQLite needs no more room once its log has grown, until nobody has it open.
        let site = site(open(&url).await?);
        let traffic = Traffic::start(&site, VISITORS, &dice.fork(tally.injections));
        for _ in 0..3 {
            traffic.flows(20).await?;
            let before = traffic.failed();
            // Those who log out make room.
            for _ in 0..10 {
                fill(&filler, dice.below(3))?;
                tokio::time::sleep(Duration::from_millis(5 + dice.below(10))).await;
            }
            tally.injections += u64::from(traffic.failed() > before);
            std::fs::remove_file(&filler)?;
            tally.recovered_in(recovery(&site).await?);
        }
        traffic.flows(20).await?;
        tally += traffic.close().await?;
    }
    Ok(tally)
}

/// Lets a file grow until nothing more fits, but for so many pages.
fn fill(filler: &Path, pages: u64) -> Result<()> {
    let mut file = OpenOptions::new().create(true).append(true).open(filler)?;
    for length in [64 << 10, PAGE as usize, 1] {
        loop {
            match file.write_all(&vec![b'x'; length]) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => break,
                Err(error) => return Err(error.into()),
            }
        }
    }
    let length = file.metadata()?.len();
    Ok(file.set_len(length.saturating_sub(pages * PAGE))?)
}

/// Files that may not grow beyond a byte, so that the write that comes to it is cut short there.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn cut_short(stage: &Stage) -> Result<Tally> {
    if Command::new("prlimit").arg("--version").output().is_err() {
        return Err(Missing("there is no prlimit".to_owned()).into());
    }
    let mut victim = Victim::settle(stage).await?;
    let mut dice = stage.dice.clone();
    for _ in 0..stage.times(100) {
        let limit = match stage.backend {
            // Where the log ends and a few saves later.
            Backend::Sqlite => victim.largest_file()? + dice.below(60 << 10),
            _ => dice.below(250),
        };
        // Without the trap a signal would end the process.
        let script = r#"trap "" XFSZ; exec "$@""#;
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", "prlimit", &format!("--fsize={limit}")]);
        command.arg(&stage.program);
        let refused = victim.refused();
        victim.run(command, dice.below(u64::MAX), &format!("no file over {limit} bytes")).await?;
        victim.tally.injections += u64::from(victim.refused() > refused);
    }
    Ok(victim.tally())
}

/// Each call by which something is written fails, one after the other.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn write_error(stage: &Stage) -> Result<Tally> {
    errors(stage, WRITES).await
}

/// Each call by which something is found, read or locked fails, one after the other.
///
/// # Errors
///
/// When the application cannot be started.
pub async fn read_error(stage: &Stage) -> Result<Tally> {
    errors(stage, READS).await
}

async fn errors(stage: &Stage, failing: &[Failing]) -> Result<Tally> {
    strace::check()?;
    let mut victim = Victim::settle(stage).await?;
    let log = tempfile::NamedTempFile::new()?;
    let stride = if stage.quick { 20 } else { 1 };
    for (calls, errors) in failing {
        for error in if stage.quick { &errors[..1] } else { errors } {
            for step in (1..MOST_STEPS).step_by(stride) {
                let inject = format!("{calls}:error={error}:when={step}");
                let command = strace::logged(&inject, &stage.program, log.path());
                let seed = stage.dice.fork(step).below(u64::MAX);
                let begun = victim.run(command, seed, &inject).await?;
                let injected = strace::injected(log.path())?;
                if begun && injected == 0 {
                    break;
                }
                // What fails before it has begun is none of the store's.
                victim.tally.injections += if begun { injected } else { 0 };
            }
        }
    }
    Ok(victim.tally())
}

/// An application, started again and again, and somebody who has the same store open.
struct Victim {
    folder: tempfile::TempDir,
    url: String,
    site: crate::site::Site<lodger_core::AnyStore>,
    ledger: Ledger,
    tally: Tally,
}

impl Victim {
    async fn settle(stage: &Stage) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let url = place::make(stage.backend, folder.path()).await?;
        let site = site(open(&url).await?);
        let (ledger, tally) = (Ledger::for_visitors(VISITORS), Tally::default());
        Ok(Self { folder, url, site, ledger, tally })
    }

    /// Has visitors come and go while something fails; whether the application has begun.
    async fn run(&mut self, command: Command, seed: u64, fault: &str) -> Result<bool> {
        let errand = Errand { url: &self.url, seed, visits: 4 };
        let mut apart = Apart::start(command, errand, &self.ledger)?;
        let (begun, well) = apart.wait(&mut self.ledger)?;
        if begun && !well {
            self.tally.wrong(format!("an application ended: {fault}"));
        }
        self.tally.recovered_in(recovery(&self.site).await?);
        audit(&mut self.ledger, &self.site).await?;
        Ok(begun)
    }

    /// How many calls were refused or left open so far.
    fn refused(&self) -> u64 {
        self.ledger.tally.unavailable + self.ledger.tally.unknown
    }

    fn largest_file(&self) -> Result<u64> {
        let mut largest = 0;
        for entry in std::fs::read_dir(self.folder.path())? {
            largest = largest.max(entry?.metadata()?.len());
        }
        Ok(largest)
    }

    fn tally(mut self) -> Tally {
        self.tally += self.ledger.tally;
        self.tally
    }
}
