//! The power, cut while an application saves: what was acknowledged must be on the disk.
//!
//! The disk is made of three file systems that lie in one another as files, through loop devices:
//!
//! - the *shelf* has a switch: once the file `drive` in it is immutable, nothing reaches that any more,
//!   not even what was under way;
//! - the *drive* keeps what the disk above it wrote in its memory, the page cache, until it is told to
//!   flush, as a drive with a volatile cache does;
//! - the *disk*, with a journal as any server has one, holds the sessions.
//!
//! A cut kills the application and turns the switch in the same moment. Then the memory of both is
//! dropped, they are mounted again, which plays back their journals, and what is stored is compared
//! with what visitors were told. Only what was flushed is left, and any part of what was just being
//! flushed. Nothing is flushed as a favour either: no file system has to do so when a file takes the
//! place of another. What the machine itself would lose with its power is not at stake: the shelf stays
//! as it was. Pages are the smallest unit of what is written, so that no sector is torn.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, anyhow, ensure};
use rustix::fs::{IFlags, ioctl_getflags, ioctl_setflags, syncfs};
use tempfile::TempDir;

use super::apart::{Apart, Errand, VISITORS, command};
use super::application::{MOST_STEPS, STEPS};
use super::backend::{Backend, open};
use super::ledger::Ledger;
use super::mounted::Mounted;
use super::place;
use super::row::Tally;
use super::stage::{Stage, site};
use super::strace;
use super::traffic::{audit, recovery};

const MIB: u64 = 1 << 20;

/// At any time.
///
/// # Errors
///
/// When the application cannot be started, or the disk does not come back.
pub async fn cut(stage: &Stage) -> Result<Tally> {
    let mut victim = Victim::settle(stage).await?;
    let mut dice = stage.dice.clone();
    for _ in 0..stage.times(40) {
        let errand = Errand { url: &victim.url, seed: dice.below(u64::MAX), visits: 0 };
        let apart = Apart::start(command(&stage.program), errand, &victim.ledger)?;
        tokio::time::sleep(Duration::from_micros(50_000 + dice.below(300_000))).await;
        let disk = &victim.disk;
        let begun = apart.kill_and(|| disk.turn(Switch::Off), &mut victim.ledger)?;
        victim.recover().await?;
        victim.tally.injections += u64::from(begun);
        if stage.backend == Backend::Sqlite {
            // Whoever was the last to have it open moves the log into the table, and is cut off, too.
            tokio::time::sleep(Duration::from_micros(dice.below(4_000))).await;
            victim.disk.turn(Switch::Off)?;
            victim.recover().await?;
            victim.tally.injections += 1;
        }
    }
    Ok(victim.tally())
}

/// At each call that changes what is on the disk, one after the other.
///
/// # Errors
///
/// When the application cannot be started, or the disk does not come back.
pub async fn cut_at_each_step(stage: &Stage) -> Result<Tally> {
    strace::check()?;
    let mut victim = Victim::settle(stage).await?;
    let stride = if stage.quick { 20 } else { 1 };
    for step in (1..MOST_STEPS).step_by(stride) {
        let inject = format!("{STEPS}:signal=KILL:when={step}");
        let seed = stage.dice.fork(step).below(u64::MAX);
        let errand = Errand { url: &victim.url, seed, visits: 4 };
        let command = strace::command(&inject, &stage.program);
        let mut apart = Apart::start(command, errand, &victim.ledger)?;
        let (begun, well) = apart.wait(&mut victim.ledger)?;
        victim.disk.turn(Switch::Off)?;
        victim.recover().await?;
        if well {
            break;
        }
        victim.tally.injections += u64::from(begun);
    }
    Ok(victim.tally())
}

/// After the disk could not be told to flush, once or from then on, and said so.
///
/// Each visitor saves once then, so that nobody looks at what was not flushed: who does sees what may be
/// gone after a loss of power.
///
/// # Errors
///
/// When the application cannot be started, or the disk does not come back.
pub async fn cut_after_flush_error(stage: &Stage) -> Result<Tally> {
    strace::check()?;
    let mut victim = Victim::settle(stage).await?;
    let mut dice = stage.dice.clone();
    let log = tempfile::NamedTempFile::new()?;
    for round in 0..stage.times(60) {
        let first = 1 + round % 6;
        let times = if round % 12 < 6 { "+" } else { "" };
        let inject = format!("?fsync,?fdatasync:error=EIO:when={first}{times}");
        let errand = Errand { url: &victim.url, seed: dice.below(u64::MAX), visits: 1 };
        let command = strace::logged(&inject, &stage.program, log.path());
        let mut apart = Apart::start(command, errand, &victim.ledger)?;
        let (begun, _) = apart.wait(&mut victim.ledger)?;
        victim.disk.turn(Switch::Off)?;
        victim.recover().await?;
        victim.tally.injections += u64::from(begun && strace::injected(log.path())? > 0);
    }
    Ok(victim.tally())
}

/// An application on a disk of its own.
struct Victim {
    disk: Disk,
    url: String,
    ledger: Ledger,
    tally: Tally,
}

impl Victim {
    async fn settle(stage: &Stage) -> Result<Self> {
        let disk = Disk::make()?;
        let url = place::make(stage.backend, disk.path()?).await?;
        // Whoever sets a site up does not do so within seconds of a loss of power.
        syncfs(File::open(disk.path()?)?)?;
        let (ledger, tally) = (Ledger::for_visitors(VISITORS), Tally::default());
        Ok(Self { disk, url, ledger, tally })
    }

    /// The power was cut and comes back: is all there that was promised?
    async fn recover(&mut self) -> Result<()> {
        self.disk.restart()?;
        let site = site(open(&self.url).await?);
        self.tally.recovered_in(recovery(&site).await?);
        audit(&mut self.ledger, &site).await
    }

    fn tally(mut self) -> Tally {
        self.tally += self.ledger.tally;
        self.tally
    }
}

/// A disk whose power can be cut.
struct Disk {
    // In the order in which they are unmounted.
    disk: Option<Mounted>,
    drive: Option<Mounted>,
    shelf: Mounted,
    folder: TempDir,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Switch {
    On,
    Off,
}

impl Disk {
    fn make() -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let at = |name: &str| folder.path().join(name);
        let shelf = Mounted::image(&at("image"), 128 * MIB, &at("shelf"))?;
        let drive = Mounted::image(&shelf.path().join("drive"), 96 * MIB, &at("drive"))?;
        let disk = Mounted::image(&drive.path().join("disk"), 64 * MIB, &at("disk"))?;
        Ok(Self { disk: Some(disk), drive: Some(drive), shelf, folder })
    }

    fn path(&self) -> Result<&Path> {
        Ok(self.disk.as_ref().context("the disk is mounted")?.path())
    }

    /// Cuts the power, or lets it flow again.
    fn turn(&self, switch: Switch) -> Result<()> {
        let drive = File::open(self.shelf.path().join("drive"))?;
        let mut flags = ioctl_getflags(&drive)?;
        flags.set(IFlags::IMMUTABLE, switch == Switch::Off);
        Ok(ioctl_setflags(&drive, flags)?)
    }

    /// After a cut, drops what was in memory, and mounts what is left.
    fn restart(&mut self) -> Result<()> {
        let late = File::create(self.path()?.join("late")).and_then(|file| file.sync_all());
        ensure!(late.is_err(), "the power flows still");
        for mounted in [self.disk.take(), self.drive.take()] {
            mounted.context("it is mounted")?.unmount()?;
        }
        self.turn(Switch::On)?;
        let mount = |image: &Path, name: &str| {
            let mounted = Mounted::again(image, &self.folder.path().join(name));
            // What was allowed before is nothing that this machine lacks.
            mounted.map_err(|error| anyhow!("the {name} does not come back: {error}"))
        };
        let drive = mount(&self.shelf.path().join("drive"), "drive")?;
        self.disk = Some(mount(&drive.path().join("disk"), "disk")?);
        self.drive = Some(drive);
        Ok(())
    }
}
