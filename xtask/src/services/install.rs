use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Kind;
use crate::{interrupt, process, program};

/// Installs Debian packages, and starts no service that they bring.
pub(super) fn packages(kind: Kind, packages: &[&str]) -> Result<()> {
    let name = kind.name();
    let list = packages.join(" ");
    let Some(apt) = program::find("apt-get", &["/usr/bin".into()]) else {
        bail!("{name} is not installed, and there is no apt-get to install it with");
    };
    let Some(privilege) = Privilege::find() else {
        bail!(
            "{name} is not installed; root, or a sudo that asks no password, would install {list}"
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

/// While this guard lives, packages start no service.
///
/// An administrator's own policy is respected; ours is removed again.
struct ServicePolicy<'a> {
    ours: Option<&'a Privilege>,
}

impl<'a> ServicePolicy<'a> {
    fn forbid(privilege: &'a Privilege) -> Result<Self> {
        if Path::new(POLICY).exists() {
            return Ok(Self { ours: None });
        }
        let script = tempfile::NamedTempFile::new()?;
        fs::write(script.path(), "#!/bin/sh\nexit 101\n")?;
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
