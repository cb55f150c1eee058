//! The file that keeps the secret between starts.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use lodger::core::{OsRng, Rng};

const NAME: &str = "lodger-demo.secret";

/// Far more than any secret; a file beyond is something else.
const LONGEST: u64 = 4096;

/// Reads the secret from its file in a directory; where there is no such file, makes one that only
/// its owner can read. A file that is there is never written to.
pub(crate) fn open_or_create(directory: &Path) -> Result<String> {
    let path = directory.join(NAME);
    let absent = File::open(&path).is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if absent {
        let secret = random()?;
        let is_ours = create(&path, &secret)
            .with_context(|| format!("the secret file {} cannot be created", path.display()))?;
        if is_ours {
            return Ok(secret);
        }
    }
    read(&path)
}

fn random() -> Result<String> {
    let mut bytes = [0; 32];
    OsRng.fill(&mut bytes)?;
    let mut secret = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(secret, "{byte:02x}").expect("a String takes all text");
    }
    Ok(secret)
}

/// Gives the file its name when it is whole, so that nobody ever finds half a secret. `false` if
/// another process was faster, or somebody planted a link there, which is not followed.
fn create(path: &Path, secret: &str) -> io::Result<bool> {
    let draft = Draft::write(path, &format!("{secret}\n"))?;
    // Unlike a renaming, a link never replaces what is there.
    match fs::hard_link(&draft.0, path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}

/// The secret under a name of this process's own, until it is dropped.
struct Draft(PathBuf);

impl Draft {
    fn write(path: &Path, text: &str) -> io::Result<Self> {
        let mut suffix = [0; 8];
        OsRng.fill(&mut suffix).map_err(io::Error::other)?;
        let suffix = format!("{:016x}", u64::from_ne_bytes(suffix));
        let path = path.with_extension(format!("secret.{suffix}"));
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(&path)?;
        let draft = Self(path);
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        Ok(draft)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_file(&self.0) {
            tracing::warn!(%error, "the file {} may be removed", self.0.display());
        }
    }
}

fn read(path: &Path) -> Result<String> {
    let shown = path.display();
    let mut secret = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST + 1).read_to_string(&mut secret))
        .with_context(|| format!("the secret file {shown} cannot be read"))?;
    if secret.len() as u64 > LONGEST {
        bail!("the secret file {shown} is longer than {LONGEST} bytes: it holds something else");
    }
    warn_if_shared(path);
    let secret = secret.trim_end_matches(['\r', '\n']);
    if secret.is_empty() {
        bail!("the secret file {shown} is empty: remove it, and a new one is made");
    }
    Ok(secret.to_owned())
}

#[cfg(unix)]
fn warn_if_shared(path: &Path) {
    use std::os::unix::fs::PermissionsExt;

    let shared = |file: fs::Metadata| file.permissions().mode() & 0o077 != 0;
    if fs::metadata(path).is_ok_and(shared) {
        tracing::warn!(
            "others can read the secret file {}: chmod 600 keeps them out",
            path.display()
        );
    }
}

#[cfg(not(unix))]
fn warn_if_shared(_path: &Path) {}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use super::*;
    use crate::weak_key::weakness;

    #[test]
    fn the_secret_that_is_made_is_strong_and_found_again() {
        let directory = tempfile::tempdir().unwrap();
        let made = open_or_create(directory.path()).unwrap();
        assert_eq!(weakness(&made), None);
        assert_eq!(open_or_create(directory.path()).unwrap(), made);
        assert_ne!(open_or_create(tempfile::tempdir().unwrap().path()).unwrap(), made);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;

        let directory = tempfile::tempdir().unwrap();
        open_or_create(directory.path()).unwrap();
        let mode = fs::metadata(directory.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_there_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        fs::write(&path, "of my own\r\n").unwrap();
        assert_eq!(open_or_create(directory.path()).unwrap(), "of my own");
        assert_eq!(fs::read_to_string(&path).unwrap(), "of my own\r\n");

        fs::write(&path, "\n").unwrap();
        let error = format!("{:#}", open_or_create(directory.path()).unwrap_err());
        assert!(error.contains("is empty"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "\n");
    }

    #[test]
    fn those_who_start_at_once_share_one_secret() {
        const STARTS: usize = 8;
        for _ in 0..20 {
            let directory = tempfile::tempdir().unwrap();
            let barrier = Barrier::new(STARTS);
            let start = || {
                barrier.wait();
                open_or_create(directory.path()).unwrap()
            };
            let secrets: Vec<String> = thread::scope(|scope| {
                let threads: Vec<_> = (0..STARTS).map(|_| scope.spawn(start)).collect();
                threads.into_iter().map(|thread| thread.join().unwrap()).collect()
            });
            assert!(secrets.iter().all(|secret| *secret == secrets[0]), "{secrets:?}");
            let names: Vec<_> = fs::read_dir(directory.path())
                .unwrap()
                .map(|entry| entry.unwrap().file_name())
                .collect();
            assert_eq!(names, [NAME]);
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_is_not_followed() {
        let directory = tempfile::tempdir().unwrap();
        let elsewhere = directory.path().join("elsewhere");
        std::os::unix::fs::symlink(&elsewhere, directory.path().join(NAME)).unwrap();
        let error = format!("{:#}", open_or_create(directory.path()).unwrap_err());
        assert!(error.contains("cannot be read"), "{error}");
        assert!(!elsewhere.exists());
    }

    #[test]
    fn a_file_too_long_is_refused_and_not_cut() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        let longest = "k".repeat(4096);
        fs::write(&path, &longest).unwrap();
        assert_eq!(open_or_create(directory.path()).unwrap(), longest);

        fs::write(&path, format!("{longest}k")).unwrap();
        let error = format!("{:#}", open_or_create(directory.path()).unwrap_err());
        assert!(error.contains("longer than 4096 bytes") && !error.contains("kk"), "{error}");
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = open_or_create(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(format!("{error:#}").contains("/nowhere/at/all/lodger-demo.secret"));
    }
}
