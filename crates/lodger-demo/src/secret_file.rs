//! The file that keeps the secret between starts.

use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read, Write};
use std::path::Path;

use anyhow::{Context, Result, bail};
use lodger::core::{OsRng, Rng};

const NAME: &str = "lodger-demo.secret";

/// Far more than any secret; a file beyond is something else.
const LONGEST: u64 = 4096;

/// Reads the secret from its file in a directory; where there is no such file, makes one that only
/// its owner can read. A file that is there is never written to.
pub(crate) fn open_or_create(directory: &Path) -> Result<String> {
    let path = directory.join(NAME);
    match owner_only().open(&path) {
        Ok(mut file) => create(&mut file)
            .with_context(|| format!("the secret file {} cannot be written", path.display())),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => read(&path),
        Err(error) => Err(error)
            .with_context(|| format!("the secret file {} cannot be created", path.display())),
    }
}

/// Creates exclusively: two processes that start at once share the secret of one of them, and a link
/// that somebody planted is not followed.
fn owner_only() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn create(file: &mut File) -> Result<String> {
    let mut bytes = [0; 32];
    OsRng.fill(&mut bytes)?;
    let mut secret = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        write!(secret, "{byte:02x}").expect("a String takes all text");
    }
    file.write_all(format!("{secret}\n").as_bytes())?;
    file.sync_all()?;
    Ok(secret)
}

fn read(path: &Path) -> Result<String> {
    let shown = path.display();
    let mut secret = String::new();
    File::open(path)
        .and_then(|file| file.take(LONGEST).read_to_string(&mut secret))
        .with_context(|| format!("the secret file {shown} cannot be read"))?;
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

    let shared = |file: std::fs::Metadata| file.permissions().mode() & 0o077 != 0;
    if std::fs::metadata(path).is_ok_and(shared) {
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
        let mode = std::fs::metadata(directory.path().join(NAME)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn a_file_that_is_there_is_left_as_it_is() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join(NAME);
        std::fs::write(&path, "of my own\r\n").unwrap();
        assert_eq!(open_or_create(directory.path()).unwrap(), "of my own");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "of my own\r\n");

        std::fs::write(&path, "\n").unwrap();
        let error = format!("{:#}", open_or_create(directory.path()).unwrap_err());
        assert!(error.contains("is empty"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "\n");
    }

    #[test]
    fn a_directory_that_is_not_there_is_named() {
        let error = open_or_create(Path::new("/nowhere/at/all")).unwrap_err();
        assert!(format!("{error:#}").contains("/nowhere/at/all/lodger-demo.secret"));
    }
}
