use std::fs;
use std::process::{Command, Stdio};

use anyhow::{Result, ensure};

use super::source::Source;
use crate::{process, program};

/// The files that are committed or could be: those that git does not ignore.
pub(super) fn files() -> Result<Vec<Source>> {
    let root = program::root();
    let mut command = Command::new("git");
    // A checkout may belong to another user than the one who looks at it.
    command.args(["-c", "safe.directory=*", "ls-files", "-z"]);
    command.args(["--cached", "--others", "--exclude-standard"]);
    let (status, list) = process::output(command.current_dir(&root).stdout(Stdio::piped()))?;
    ensure!(status.success(), "git could not list the files of {}", root.display());
    let mut files = Vec::new();
    for path in list.trim_end().split('\0').filter(|path| !path.is_empty()) {
        // Removed, but not yet from git's index.
        let Ok(bytes) = fs::read(root.join(path)) else { continue };
        let text = String::from_utf8(bytes).unwrap_or_default();
        files.push(Source { path: path.to_owned(), text });
    }
    files.sort_by(|left, right| left.path.cmp(&right.path));
    files.dedup_by(|left, right| left.path == right.path);
    Ok(files)
}
