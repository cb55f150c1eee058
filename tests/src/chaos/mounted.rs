//! File systems that are mounted for a fault.

use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use super::stage::Missing;

/// Whoever has a file open there may take so long to close it.
const PATIENCE: Duration = Duration::from_secs(10);
/// Nothing is flushed by itself within minutes, nor for a file that takes the place of another.
const OPTIONS: &str = "loop,commit=300,noauto_da_alloc";

/// A mounted file system. Dropping it unmounts it.
pub struct Mounted {
    at: PathBuf,
    mounted: bool,
}

impl Mounted {
    /// One in memory, of so many bytes.
    ///
    /// # Errors
    ///
    /// [`Missing`] when that is not allowed here.
    pub fn memory(at: &Path, size: u64) -> Result<Self> {
        let options = format!("size={size},mode=700");
        Self::mount(&["-t", "tmpfs", "-o", &options, "lodger"], at)
    }

    /// One in a file of so many bytes, both of which are made.
    ///
    /// # Errors
    ///
    /// [`Missing`] when that is not allowed here.
    pub fn image(image: &Path, size: u64, at: &Path) -> Result<Self> {
        File::create_new(image)?.set_len(size)?;
        run("mkfs.ext4", ["-q", "-F", "-b", "4096", "-m", "0"].map(OsStr::new), image)?;
        Self::again(image, at)
    }

    /// One in a file, that was there before.
    ///
    /// # Errors
    ///
    /// [`Missing`] when that is not allowed here.
    pub fn again(image: &Path, at: &Path) -> Result<Self> {
        Self::mount(&["-t", "ext4", "-o", OPTIONS, &image.to_string_lossy()], at)
    }

    fn mount(arguments: &[&str], at: &Path) -> Result<Self> {
        if !at.exists() {
            std::fs::create_dir(at)?;
        }
        run("mount", arguments.iter().map(OsStr::new), at)?;
        Ok(Self { at: at.to_owned(), mounted: true })
    }

    /// Where it is mounted.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.at
    }

    /// Unmounts it, as soon as nobody has a file open in it.
    ///
    /// # Errors
    ///
    /// When somebody keeps one open.
    pub fn unmount(mut self) -> Result<()> {
        self.end()
    }

    fn end(&mut self) -> Result<()> {
        let begun = Instant::now();
        while let Err(error) = run("umount", [], &self.at) {
            if begun.elapsed() > PATIENCE {
                bail!("it cannot be unmounted: {error}");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        self.mounted = false;
        Ok(())
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        if self.mounted && self.end().is_err() {
            // It goes when the last file in it is closed.
            let _ = run("umount", [OsStr::new("-l")], &self.at);
        }
    }
}

/// Runs a program on a path; what it says is the reason why this is not allowed here.
fn run<'a>(
    program: &str,
    arguments: impl IntoIterator<Item = &'a OsStr>,
    path: &Path,
) -> Result<(), Missing> {
    let output = Command::new(program).args(arguments).arg(path).stdin(Stdio::null()).output();
    match output {
        Err(_) => Err(Missing(format!("there is no {program}"))),
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => {
            let words = String::from_utf8_lossy(&output.stderr);
            Err(Missing(format!("{program} is refused: {}", words.trim())))
        }
    }
}
