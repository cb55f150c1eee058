use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fmt, fs};

use anyhow::Result;

use crate::{process, program};

/// A version of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version(pub(super) u32, pub(super) u32);

/// An interpreter that can make virtual environments.
#[derive(Clone, Debug)]
pub(super) struct Python {
    pub(super) version: Version,
    pub(super) program: PathBuf,
}

/// Without `ensurepip` (Debian's python3 alone) an environment would have no pip.
const PROBE: &str = "import sys, venv, ensurepip; print(*sys.version_info[:2])";

impl Python {
    /// The interpreters on the `PATH`, in `/usr/bin` and those that pyenv has installed.
    pub(super) fn find_all() -> Result<Vec<Self>> {
        let names = (8..=14).map(|minor| format!("python3.{minor}")).chain(["python3".to_owned()]);
        let system = [PathBuf::from("/usr/bin"), PathBuf::from("/usr/local/bin")];
        let mut programs: BTreeSet<PathBuf> =
            names.filter_map(|name| program::find(&name, &system)).collect();
        programs.extend(pyenv());
        let mut found = Vec::new();
        for program in programs {
            found.extend(Self::probe(&program)?);
        }
        Ok(found)
    }

    /// The newest of `all` that lies in the range.
    pub(super) fn newest(all: &[Self], (oldest, newest): (Version, Version)) -> Option<&Self> {
        all.iter()
            .filter(|python| (oldest..=newest).contains(&python.version))
            .max_by_key(|python| python.version)
    }

    /// None for a program that does not run: pyenv has a stand-in on the `PATH` for versions that
    /// are switched off.
    fn probe(program: &Path) -> Result<Option<Self>> {
        let mut command = Command::new(program);
        command.args(["-c", PROBE]).stdout(Stdio::piped()).stderr(Stdio::null());
        let (status, text) = process::output(&mut command)?;
        let version = status.success().then(|| Version::parse(&text)).flatten();
        Ok(version.map(|version| Self { version, program: program.to_owned() }))
    }
}

fn pyenv() -> Vec<PathBuf> {
    let root = env::var_os("PYENV_ROOT")
        .map(PathBuf::from)
        .or_else(|| Some(Path::new(&env::var_os("HOME")?).join(".pyenv")));
    let versions = root.and_then(|root| fs::read_dir(root.join("versions")).ok());
    versions
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin/python3"))
        .filter(|program| program::is_executable(program))
        .collect()
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let (major, minor) = text.trim().split_once(' ')?;
        Some(Self(major.parse().ok()?, minor.parse().ok()?))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.0, self.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_python_of_the_range_is_taken() {
        let python = |minor| Python { version: Version(3, minor), program: "python".into() };
        let all = [python(9), python(13), python(11)];
        let newest = |oldest, newest| {
            Python::newest(&all, (Version(3, oldest), Version(3, newest)))
                .map(|python| python.version)
        };
        assert_eq!(newest(8, 12), Some(Version(3, 11)));
        assert_eq!(newest(12, 14), Some(Version(3, 13)));
        assert_eq!(newest(14, 14), None);
    }

    #[test]
    fn a_version_is_read_as_numbers() {
        assert_eq!(Version::parse("3 11\n"), Some(Version(3, 11)));
        assert!(Version(3, 9) < Version(3, 10));
        assert_eq!(Version::parse("Python 3.11"), None);
    }
}
