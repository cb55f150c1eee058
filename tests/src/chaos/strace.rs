//! `strace`, which fails or kills a process at a system call.

use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use super::stage::Missing;

/// Whether calls can be tampered with here.
///
/// # Errors
///
/// [`Missing`] when there is no `strace`, or processes may not be traced.
pub fn check() -> Result<(), Missing> {
    let mut command = Command::new("strace");
    command.args(["-qq", "-o", "/dev/null", "-e", "inject=sync:error=EIO", "true"]);
    match command.stdin(Stdio::null()).stderr(Stdio::null()).status() {
        Err(_) => Err(Missing("there is no strace".to_owned())),
        Ok(status) if !status.success() => Err(Missing("strace may not trace here".to_owned())),
        Ok(_) => Ok(()),
    }
}

/// The command that runs a program with this done to its calls: `fsync:error=EIO:when=3`. Each thread
/// counts its own.
#[must_use]
pub fn command(inject: &str, program: &Path) -> Command {
    logged(inject, program, Path::new("/dev/null"))
}

/// The same, and a file that tells what was done.
#[must_use]
pub fn logged(inject: &str, program: &Path, log: &Path) -> Command {
    let mut command = Command::new("strace");
    let calls = inject.split(':').next().unwrap_or(inject);
    command.args(["-f", "-qq", "-o"]).arg(log).arg("-e").arg(format!("trace={calls}"));
    command.arg("-e").arg(format!("inject={inject}")).arg(program);
    command
}

/// How often it was done.
///
/// # Errors
///
/// When the file cannot be read.
pub fn injected(log: &Path) -> io::Result<u64> {
    let log = std::fs::read(log)?;
    Ok(String::from_utf8_lossy(&log).matches("(INJECTED)").count() as u64)
}
