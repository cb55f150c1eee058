use std::fs;
use std::os::unix::fs::chown;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use crate::program;

/// The user of the operating system that the servers run as.
///
/// Both servers refuse to run as root; a task that root runs hands them to `nobody`.
pub(super) struct Account {
    unprivileged: Option<User>,
    setpriv: Option<PathBuf>,
}

#[derive(Debug, PartialEq, Eq)]
struct User {
    uid: u32,
    gid: u32,
}

const UNPRIVILEGED: &str = "nobody";

impl Account {
    pub(super) fn choose() -> Result<Self> {
        let unprivileged = if rustix::process::geteuid().is_root() {
            let accounts =
                fs::read_to_string("/etc/passwd").context("could not read /etc/passwd")?;
            let user = find_user(&accounts, UNPRIVILEGED)
                .with_context(|| format!("root needs the user {UNPRIVILEGED} for the servers"))?;
            Some(user)
        } else {
            None
        };
        Ok(Self { unprivileged, setpriv: program::find("setpriv", &["/usr/bin".into()]) })
    }

    /// Gives a file or folder to this user.
    pub(super) fn own(&self, path: &Path) -> Result<()> {
        let Some(user) = &self.unprivileged else { return Ok(()) };
        chown(path, Some(user.uid), Some(user.gid))
            .with_context(|| format!("could not give {} to {UNPRIVILEGED}", path.display()))
    }

    /// A command that runs as this user, in a folder of its own, and gets `death_signal` when the
    /// task is killed before it could end it.
    ///
    /// The kernel sends that signal when the *thread* ends that started the command: start it from
    /// the main thread.
    pub(super) fn command(&self, program: &Path, folder: &Path, death_signal: &str) -> Command {
        let mut command = match (&self.setpriv, &self.unprivileged) {
            (Some(setpriv), user) => {
                let mut command = Command::new(setpriv);
                command.args(["--pdeathsig", death_signal]);
                if let Some(User { uid, gid }) = user {
                    command.args([format!("--reuid={uid}"), format!("--regid={gid}")]);
                    command.arg("--clear-groups");
                }
                command.arg("--").arg(program);
                command
            }
            (None, Some(_)) => {
                let mut command = Command::new("runuser");
                command.args(["-u", UNPRIVILEGED, "--"]).arg(program);
                command
            }
            (None, None) => Command::new(program),
        };
        command.current_dir(folder).env("HOME", folder).env("TMPDIR", folder).env("LC_ALL", "C");
        command.stdin(Stdio::null());
        command
    }
}

fn find_user(accounts: &str, name: &str) -> Option<User> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next()? == name).then_some(())?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        Some(User { uid, gid })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_found_by_its_whole_name() {
        let accounts = "root:x:0:0:root:/root:/bin/sh\n\
                        nobody2:x:7:8::/:/bin/false\n\
                        nobody:x:65534:65533:nobody:/nonexistent:/usr/sbin/nologin\n";
        let nobody = User { uid: 65534, gid: 65533 };
        assert_eq!(find_user(accounts, "nobody"), Some(nobody));
        assert_eq!(find_user(accounts, "body"), None);
    }
}
