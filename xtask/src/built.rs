//! Programs of the workspace, built before they are run.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{process, program};

/// The one kind of message that names a program.
#[derive(Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    executable: Option<PathBuf>,
}

/// Builds a program with the features that the whole workspace asks for. `cargo run --package` would
/// build SeaORM a second time, with those of one package.
pub(crate) fn build(name: &str) -> Result<Command> {
    let mut command = program::cargo();
    command.args(["build", "--quiet", "--workspace", "--bin", name]);
    command.arg("--message-format=json-render-diagnostics").stdout(Stdio::piped());
    let (status, messages) = process::output(&mut command)?;
    ensure!(status.success(), "{name} does not compile");
    find(&messages, name).with_context(|| format!("cargo built no {name}"))
}

/// The command that `cargo run` would run. The package's folder must be named to it: what it would
/// inherit is the folder of this task.
fn find(messages: &str, name: &str) -> Option<Command> {
    messages.lines().find_map(|line| {
        let artifact: Artifact = serde_json::from_str(line).ok()?;
        let executable = artifact.executable?;
        (executable.file_name()? == name).then_some(())?;
        let mut command = Command::new(executable);
        command.current_dir(program::root());
        command.env("CARGO_MANIFEST_DIR", artifact.manifest_path.parent()?);
        Some(command)
    })
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;
    use std::path::Path;

    use super::*;

    #[test]
    fn the_program_is_run_for_its_own_package() {
        let messages = r#"{"reason":"build-finished","success":true}
{"manifest_path":"/w/a/Cargo.toml","executable":"/t/other"}
{"manifest_path":"/w/migration/Cargo.toml","executable":null}
{"manifest_path":"/w/migration/Cargo.toml","executable":"/t/makemigrations"}"#;
        let command = find(messages, "makemigrations").unwrap();
        assert_eq!(command.get_program(), Path::new("/t/makemigrations"));
        let folder = (OsStr::new("CARGO_MANIFEST_DIR"), Some(OsStr::new("/w/migration")));
        assert!(command.get_envs().any(|variable| variable == folder));
        assert!(find("", "makemigrations").is_none());
    }
}
