//! Somebody else who may write to the folder of session files, and puts other things there.

use std::fs::{self, File, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use tempfile::TempDir;

use super::apart::VISITORS;
use super::backend::open;
use super::dice::Dice;
use super::place;
use super::row::Tally;
use super::stage::{Stage, hasty_site, site};
use super::traffic::{Traffic, recovery};

/// So soon somebody meets what was planted, and is refused.
const PATIENCE: Duration = Duration::from_secs(5);
/// Nobody is refused by this, who waits for a pipe.
const DEADLINE: Duration = Duration::from_secs(60);
/// After so many wrong answers, each of which takes its time, no more are looked for.
const ENOUGH: u64 = 5;
/// Of a session that no visitor has.
const STRANGERS: &str = r#"{"tags":[1000000000000],"copies":[1000000000000]}"#;

/// What lies where a session's file was.
#[derive(Clone, Copy, Debug)]
enum Plant {
    LinkToSession,
    LinkToFolder,
    LinkToDevice,
    LinkToPipe,
    LinkToNothing,
    LinkToOwnFile,
    Pipe,
    Socket,
    Folder,
    FullFolder,
}

impl Plant {
    const ALL: [Self; 10] = [
        Self::LinkToSession,
        Self::LinkToFolder,
        Self::LinkToDevice,
        Self::LinkToPipe,
        Self::LinkToNothing,
        Self::LinkToOwnFile,
        Self::Pipe,
        Self::Socket,
        Self::Folder,
        Self::FullFolder,
    ];

    /// Puts it at a path.
    fn put(self, outside: &Outside, at: &Path) -> Result<()> {
        match self {
            Self::LinkToSession => symlink(outside.at("session"), at)?,
            Self::LinkToFolder => symlink(outside.folder.path(), at)?,
            Self::LinkToDevice => symlink("/dev/zero", at)?,
            Self::LinkToPipe => symlink(outside.at("pipe"), at)?,
            Self::LinkToNothing => symlink(outside.at("nothing"), at)?,
            // Where the session's file will lie.
            Self::LinkToOwnFile => symlink(at, at)?,
            Self::Pipe => make_pipe(at)?,
            Self::Socket => drop(UnixListener::bind(at)?),
            Self::Folder => fs::create_dir(at)?,
            Self::FullFolder => {
                fs::create_dir(at)?;
                fs::write(at.join("file"), "not a session")?;
            }
        }
        Ok(())
    }
}

/// What must not be reached from the folder.
struct Outside {
    folder: TempDir,
}

impl Outside {
    /// The file of a session, and a pipe.
    async fn make() -> Result<Self> {
        let outside = Self { folder: tempfile::tempdir()? };
        let site = site(open(&format!("file://{}", outside.folder.path().display())).await?);
        let key = site.stored(STRANGERS).await;
        fs::rename(outside.at(&format!("sessionid{}", key.expose())), outside.at("session"))?;
        make_pipe(&outside.at("pipe"))?;
        Ok(outside)
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What there is, and when it was written.
    fn state(&self) -> Result<Vec<(PathBuf, u64, i64, i64)>> {
        let mut state = Vec::new();
        for entry in fs::read_dir(self.folder.path())? {
            let (path, metadata) = {
                let entry = entry?;
                (entry.path(), entry.metadata()?)
            };
            state.push((path, metadata.len(), metadata.mtime(), metadata.mtime_nsec()));
        }
        state.sort();
        Ok(state)
    }
}

/// In the place of a visitor's session lies something else, until the file is put back.
///
/// # Errors
///
/// When something cannot be planted.
pub async fn planted(stage: &Stage) -> Result<Tally> {
    let folder = tempfile::tempdir()?;
    let url = place::make(stage.backend, folder.path()).await?;
    let site = hasty_site(open(&url).await?, DEADLINE);
    let mut dice = stage.dice.clone();
    let traffic = Traffic::start(&site, VISITORS, &dice);
    let mut tally = Tally::default();
    let times = Plant::ALL.len() * usize::try_from(stage.times(20))?;
    for plant in Plant::ALL.into_iter().cycle().take(times) {
        if tally.wrong > ENOUGH {
            break;
        }
        traffic.flows(5).await?;
        if let Err(finding) = in_place(plant, folder.path(), &traffic, &mut dice).await? {
            tally.wrong(format!("{plant:?}: {finding}"));
        }
        tally.injections += 1;
        tally.recovered_in(recovery(&site).await?);
        if !opens_beside(plant, folder.path(), &url).await? {
            tally.wrong(format!("{plant:?}: a store that tries its folder meets it"));
        }
    }
    traffic.flows(20).await?;
    tally += traffic.close().await?;
    Ok(tally)
}

/// Plants something until somebody is refused: it must stay, and so must what lies outside.
async fn in_place(
    plant: Plant,
    folder: &Path,
    traffic: &Traffic,
    dice: &mut Dice,
) -> Result<Result<(), &'static str>> {
    let outside = Outside::make().await?;
    let aside = folder.join("planted");
    plant.put(&outside, &aside)?;
    let (state, before) = (outside.state()?, traffic.failed());
    let Held { path, lock } = Held::some(folder, dice)?;
    exchange(&path, &aside)?;
    drop(lock);
    let refused = refused(traffic, before).await;
    let stays = !fs::symlink_metadata(&path)?.is_file() && outside.state()? == state;
    exchange(&path, &aside)?;
    for pipe in [&aside, &outside.at("pipe")] {
        free(pipe);
    }
    remove(&aside)?;
    Ok(match (refused, stays) {
        (false, _) => Err("nobody was refused"),
        (_, false) => Err("it was written to or taken away"),
        _ => Ok(()),
    })
}

async fn refused(traffic: &Traffic, before: u64) -> bool {
    let begun = Instant::now();
    // Whoever was on the way may not have met it.
    while traffic.failed() <= before {
        if begun.elapsed() > PATIENCE {
            return false;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    true
}

/// A session's file, locked as whoever changes it locks it, so that what it holds is the latest.
struct Held {
    path: PathBuf,
    lock: File,
}

impl Held {
    fn some(folder: &Path, dice: &mut Dice) -> Result<Self> {
        let begun = Instant::now();
        loop {
            ensure!(begun.elapsed() < PATIENCE, "no session's file stays for long enough");
            let paths: Vec<PathBuf> = fs::read_dir(folder)?
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| is_session(path))
                .collect();
            if paths.is_empty() {
                continue;
            }
            let path = paths[dice.below(paths.len() as u64) as usize].clone();
            let Ok(file) = File::open(&path) else { continue };
            if file.try_lock().is_err() {
                continue;
            }
            if fs::metadata(&path).is_ok_and(|named| is_same(&named, &file.metadata())) {
                return Ok(Self { path, lock: file });
            }
        }
    }
}

/// Has two files change places, at once.
fn exchange(one: &Path, other: &Path) -> Result<()> {
    Ok(renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE)?)
}

fn is_session(path: &Path) -> bool {
    let path = path.to_string_lossy();
    path.contains("/sessionid") && !path.contains("_out_")
}

fn is_same(named: &Metadata, open: &std::io::Result<Metadata>) -> bool {
    open.as_ref().is_ok_and(|open| (named.dev(), named.ino()) == (open.dev(), open.ino()))
}

/// Whether a store opens while such things have the names of the files that it tries its folder with.
async fn opens_beside(plant: Plant, folder: &Path, url: &str) -> Result<bool> {
    let process = std::process::id();
    let names = [process, !process].map(|end| folder.join(format!("sessionidprobe_out_{end:08x}")));
    let outside = Outside::make().await?;
    for name in &names {
        plant.put(&outside, name)?;
    }
    let state = outside.state()?;
    let opens = open(url).await.is_ok() && outside.state()? == state;
    for name in &names {
        remove(name)?;
    }
    Ok(opens)
}

/// Takes away what was planted, if it is there still.
fn remove(path: &Path) -> Result<()> {
    match fs::symlink_metadata(path) {
        Ok(there) if there.is_dir() => fs::remove_dir_all(path)?,
        Ok(_) => fs::remove_file(path)?,
        Err(_) => {}
    }
    Ok(())
}

/// Whoever waits for the other end of a pipe, as nobody should, waits no more.
fn free(pipe: &Path) {
    if fs::symlink_metadata(pipe).is_ok_and(|there| there.file_type().is_fifo()) {
        // It is open at both ends for a moment.
        let _ = File::options().read(true).write(true).open(pipe);
    }
}

fn make_pipe(at: &Path) -> Result<()> {
    ensure!(Command::new("mkfifo").arg(at).status()?.success(), "a pipe cannot be made");
    Ok(())
}
