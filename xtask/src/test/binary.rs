use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::metadata::{Metadata, Package};
use crate::{process, program};

/// A compiled test program.
#[derive(Debug)]
pub(super) struct Binary<'a> {
    package: &'a Package,
    target: String,
    executable: PathBuf,
}

/// The one kind of message that names test programs.
#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    profile: Profile,
    executable: Option<PathBuf>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Profile {
    test: bool,
}

impl<'a> Binary<'a> {
    /// Compiles the tests of the whole workspace.
    pub(super) fn build_all(metadata: &'a Metadata) -> Result<Vec<Self>> {
        let mut command = program::cargo();
        command.args(["test", "--workspace"]);
        Self::build(metadata, command)
    }

    /// Compiles the tests that a `cargo test` would run.
    pub(super) fn build(metadata: &'a Metadata, mut command: Command) -> Result<Vec<Self>> {
        command.arg("--no-run");
        command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
        let (status, messages) = process::output(&mut command)?;
        ensure!(status.success(), "the tests do not compile");
        read_messages(metadata, &messages)
    }

    pub(super) fn package(&self) -> &str {
        &self.package.name
    }

    /// What is announced before it runs.
    pub(super) fn title(&self) -> String {
        format!("{} ({})", self.package.name, self.target)
    }

    /// The command that `cargo test` would run for it: in the package's folder, with the package's
    /// variables. Ours would name the package of this task.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command
            .current_dir(self.package.folder())
            .env("CARGO_MANIFEST_DIR", self.package.folder())
            .env("CARGO_MANIFEST_PATH", &self.package.manifest_path)
            .env("CARGO_PKG_NAME", &self.package.name)
            .env("CARGO_PKG_VERSION", &self.package.version);
        command
    }
}

fn read_messages<'a>(metadata: &'a Metadata, messages: &str) -> Result<Vec<Binary<'a>>> {
    let mut binaries = Vec::new();
    for line in messages.lines() {
        // Other kinds of messages have other fields.
        let Ok(artifact) = serde_json::from_str::<Artifact>(line) else { continue };
        let Some(executable) = artifact.executable.filter(|_| artifact.profile.test) else {
            continue;
        };
        let package = metadata
            .packages
            .iter()
            .find(|package| package.manifest_path == artifact.manifest_path)
            .with_context(|| format!("no package has {}", artifact.manifest_path.display()))?;
        binaries.push(Binary { package, target: artifact.target.name, executable });
    }
    // Cargo names them as they are ready, in another order each time.
    binaries.sort_by(|a, b| (&a.package.name, &a.target).cmp(&(&b.package.name, &b.target)));
    Ok(binaries)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_programs_are_taken_and_their_order_is_stable() {
        let package = |name: &str| Package {
            name: name.to_owned(),
            manifest_path: format!("/w/{name}/Cargo.toml").into(),
            ..Package::default()
        };
        let packages = vec![package("b"), package("a")];
        let metadata = Metadata { packages, workspace_root: "/w".into() };
        let artifact = |package: &str, target: &str, test: bool| {
            format!(
                r#"{{"reason":"compiler-artifact","manifest_path":"/w/{package}/Cargo.toml",
                "target":{{"name":"{target}"}},"profile":{{"test":{test}}},
                "executable":"/t/{target}"}}"#
            )
            .replace('\n', "")
        };
        let messages = [
            r#"{"reason":"build-script-executed","package_id":"x"}"#.to_owned(),
            artifact("b", "it", true),
            artifact("b", "b", false),
            artifact("a", "a", true),
        ]
        .join("\n");
        let binaries = read_messages(&metadata, &messages).unwrap();
        let titles: Vec<String> = binaries.iter().map(Binary::title).collect();
        assert_eq!(titles, ["a (a)", "b (it)"]);
    }
}
