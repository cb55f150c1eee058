use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Result;
use tempfile::TempDir;

use super::binary::Binary;
use super::counts::Counts;
use super::leak::{Leaks, Shown};
use super::libtest::Reader;
use super::outcome::{Outcome, Verdict, apply_skips};
use super::{COUNTS, LEAKS, SKIPS};
use crate::metadata::Metadata;
use crate::process::Running;
use crate::program;
use crate::schedules;
use crate::services::Kind;

/// One run of the workspace's tests.
pub(crate) struct Session {
    metadata: Metadata,
    /// Handed to every test program, and to libtest as its filter.
    filter: Vec<String>,
    variables: Vec<(&'static str, String)>,
    without_servers: bool,
    files: TempDir,
    outcomes: Vec<Outcome>,
}

impl Session {
    pub(crate) fn new(filter: Vec<String>) -> Result<Self> {
        Ok(Self {
            metadata: Metadata::read()?,
            filter,
            variables: Vec::new(),
            without_servers: false,
            files: tempfile::Builder::new().prefix("lodger-test-").tempdir()?,
            outcomes: Vec::new(),
        })
    }

    pub(crate) fn with_variables(mut self, variables: Vec<(&'static str, String)>) -> Self {
        self.variables.extend(variables);
        self
    }

    /// Hides the servers that the environment names.
    pub(crate) fn without_servers(mut self) -> Self {
        self.without_servers = true;
        self
    }

    /// Runs the tests that are programs: unit tests and integration tests.
    ///
    /// They run one after the other without cargo between: cargo announces a program on standard
    /// error, from where it cannot be put in order with the program's own output.
    pub(crate) fn run_programs(&mut self) -> Result<()> {
        let metadata = self.metadata.clone();
        self.run_each(&Binary::build_all(&metadata)?)
    }

    /// Runs the scenarios of the memory store and the queue, each in many schedules.
    pub(crate) fn run_schedules(&mut self) -> Result<()> {
        let metadata = self.metadata.clone();
        let build = schedules::build(&metadata.workspace_root);
        self.run_each(&Binary::build(&metadata, build)?)
    }

    fn run_each(&mut self, binaries: &[Binary<'_>]) -> Result<()> {
        for binary in binaries {
            println!("\n{}", binary.title());
            let found = self.run(&mut binary.command(), |_| binary.package().to_owned())?;
            self.outcomes.extend(found);
        }
        Ok(())
    }

    pub(crate) fn run_doc_tests(&mut self) -> Result<()> {
        println!("\ndoc tests");
        let mut command = program::cargo();
        command.args(["test", "--workspace", "--doc", "--no-fail-fast", "--"]);
        let found = self.run(&mut command, |name| doc_suite(&self.metadata, name))?;
        self.outcomes.extend(found);
        Ok(())
    }

    pub(crate) fn outcomes(&self) -> &[Outcome] {
        &self.outcomes
    }

    pub(crate) fn counts(&self) -> Counts {
        Counts::read(&fs::read_to_string(self.files.path().join("counts")).unwrap_or_default())
    }

    fn run(&self, command: &mut Command, suite: impl Fn(&str) -> String) -> Result<Vec<Outcome>> {
        // A file of its own for each program tells whose skips they are.
        let skips = self.files.path().join("skips");
        let logged = self.files.path().join("leaks");
        if self.without_servers {
            for kind in Kind::ALL {
                command.env_remove(kind.variable());
            }
        }
        command
            .arg("--show-output")
            .args(&self.filter)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .env(SKIPS, &skips)
            .env(COUNTS, self.files.path().join("counts"))
            .env(LEAKS, &logged)
            .stdout(Stdio::piped());
        let (mut reader, mut shown) = (Reader::default(), Shown::default());
        let mut leaks = Leaks::read_canaries()?;
        let status = Running::start(command)?.lines(|line| {
            if shown.shows(line) {
                println!("{line}");
                reader.line(line);
            }
            leaks.look(line);
            Ok(())
        })?;
        take(&logged).lines().for_each(|line| leaks.look(line));
        let found = reader.finish(status.success());
        let mut outcomes: Vec<Outcome> = found
            .into_iter()
            .map(|(name, verdict)| Outcome::new(&suite(&name), &name, verdict))
            .collect();
        apply_skips(&mut outcomes, &take(&skips));
        for line in leaks.found() {
            println!("shows a key or a secret: {line}");
            let name = "(a key or a secret was shown)";
            outcomes.push(Outcome::new(&suite(name), name, Verdict::Failed));
        }
        Ok(outcomes)
    }
}

/// What a file holds, which is then gone.
fn take(file: &Path) -> String {
    let text = fs::read_to_string(file).unwrap_or_default();
    // It is missing when nothing was written.
    let _ = fs::remove_file(file);
    text
}

/// The package of a doc test such as `crates/lodger-core/src/lib.rs - Session (line 5)`.
fn doc_suite(metadata: &Metadata, name: &str) -> String {
    let file = metadata.workspace_root.join(name);
    let packages = metadata.packages.iter().filter(|package| file.starts_with(package.folder()));
    let package = packages.max_by_key(|package| package.folder().as_os_str().len());
    format!("{} doc", package.map_or("(unknown)", |package| &package.name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;

    #[test]
    fn a_doc_test_belongs_to_the_package_whose_folder_holds_it() {
        let package = |name: &str| Package {
            name: name.to_owned(),
            manifest_path: format!("/w/crates/{name}/Cargo.toml").into(),
            ..Package::default()
        };
        let packages = vec![package("lodger"), package("lodger-core")];
        let metadata = Metadata { packages, workspace_root: "/w".into() };
        let suite = |name| doc_suite(&metadata, name);
        assert_eq!(suite("crates/lodger-core/src/key.rs - Key (line 3)"), "lodger-core doc");
        assert_eq!(suite("crates/lodger/src/../../../README.md - (line 9)"), "lodger doc");
        assert_eq!(suite("elsewhere.rs - (line 1)"), "(unknown) doc");
    }
}
