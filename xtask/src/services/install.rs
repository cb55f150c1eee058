use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Kind;
use crate::{interrupt, process, program};

/// Installs Debian packages, and starts no service that they bring.
pub(super) fn packages(name: &str, packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    let Some(apt) = program::find("apt-get", &["/usr/bin".into()]) else {
        bail!("{name} is not installed, and there is no apt-get to install it with; {}", way_out());
    };
    let Some(privilege) = Privilege::find() else {
        bail!(
            "{name} is not installed; root, or a sudo that asks no password, would install {list}; {}",
            way_out()
        );
    };
    eprintln!("installing {list}");
    let _policy = ServicePolicy::forbid(&privilege)?;
    let install = || {
        let mut command = privilege.command(&apt);
        command.args(["install", "--yes", "--no-install-recommends"]);
        command.args(["--option", "DPkg::Lock::Timeout=300"]).args(packages);
        // Cutting the package manager in two would leave the system broken.
        let result = process::output_uninterrupted(&mut command)?;
        interrupt::check()?;
        anyhow::Ok(result)
    };
    let (status, _) = install()?;
    if status.success() {
        return Ok(());
    }
    // Old lists name packages that are gone, and a fresh image has none at all.
    process::output_uninterrupted(privilege.command(&apt).arg("update"))?;
    let (status, printed) = install()?;
    if !status.success() {
        bail!("could not install {list}: {status}\n{printed}");
    }
    Ok(())
}

/// What works without an installation.
fn way_out() -> String {
    let variables = Kind::ALL.map(Kind::variable).join(" and ");
    format!(
        "`cargo xtask test --quick` needs no server, and {variables} may name servers of your own"
    )
}

/// How a command becomes root's.
enum Privilege {
    Root,
    Sudo(PathBuf),
}

impl Privilege {
    fn find() -> Option<Self> {
        if rustix::process::geteuid().is_root() {
            return Some(Self::Root);
        }
        let sudo = program::find("sudo", &["/usr/bin".into()])?;
        let mut asks_nothing = Command::new(&sudo);
        asks_nothing.args(["--non-interactive", "true"]);
        let (status, _) = process::output_uninterrupted(&mut asks_nothing).ok()?;
        status.success().then_some(Self::Sudo(sudo))
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new("env");
        if let Self::Sudo(sudo) = self {
            command = Command::new(sudo);
            command.args(["--non-interactive", "env"]);
        }
        command.args(["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C"]).arg(program);
        command
    }
}

/// The file by which Debian asks the administrator whether a package may start its service.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// What we put there. By its second line we know it again when a killed task left it behind.
const SCRIPT: &str = "#!/bin/sh\n# written by cargo xtask, which removes it again\nexit 101\n";

/// While this guard lives, packages start no service.
///
/// An administrator's own policy is respected; ours is removed again.
struct ServicePolicy<'a> {
    ours: Option<&'a Privilege>,
}

impl<'a> ServicePolicy<'a> {
    fn forbid(privilege: &'a Privilege) -> Result<Self> {
        if Path::new(POLICY).exists() {
            let is_ours = is_left_behind(&fs::read(POLICY).unwrap_or_default());
            return Ok(Self { ours: is_ours.then_some(privilege) });
        }
        let script = tempfile::NamedTempFile::new()?;
        fs::write(script.path(), SCRIPT)?;
        fs::set_permissions(script.path(), fs::Permissions::from_mode(0o755))?;
        let mut command = privilege.command(Path::new("install"));
        command.args(["-m", "755"]).arg(script.path()).arg(POLICY);
        let (status, printed) =
            process::output_uninterrupted(&mut command).context("could not write the policy")?;
        if !status.success() {
            bail!("could not write {POLICY}: {printed}");
        }
        Ok(Self { ours: Some(privilege) })
    }
}

impl Drop for ServicePolicy<'_> {
    fn drop(&mut self) {
        if let Some(privilege) = self.ours {
            let mut command = privilege.command(Path::new("rm"));
            match process::output_uninterrupted(command.args(["-f", POLICY])) {
                Ok((status, _)) if status.success() => {}
                _ => eprintln!("could not remove {POLICY}: no package will start its service"),
            }
        }
    }
}

fn is_left_behind(policy: &[u8]) -> bool {
    let marker = SCRIPT.lines().nth(1).map(str::as_bytes);
    policy.split(|byte| *byte == b'\n').nth(1) == marker
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_policy_is_known_as_ours() {
        assert!(is_left_behind(SCRIPT.as_bytes()));
        assert!(!is_left_behind(b"#!/bin/sh\nexit 101\n"));
        assert!(!is_left_behind(b"\xff"));
        assert!(!is_left_behind(b""));
    }

    #[test]
    fn who_cannot_install_is_told_what_works_without() {
        let way_out = way_out();
        for words in ["cargo xtask test --quick", "LODGER_POSTGRES_URL", "LODGER_MARIADB_URL"] {
            assert!(way_out.contains(words), "{way_out}");
        }
    }
}
