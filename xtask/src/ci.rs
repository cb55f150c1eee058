//! All checks that need no server, in the order in which they are cheapest to fail.

use std::process::{Command, ExitCode};
use std::time::Instant;

use anyhow::{Result, bail};

use crate::metadata::Metadata;
use crate::{makemigrations, process, program, tidy};

pub(crate) fn run() -> Result<ExitCode> {
    step("formatting", || cargo(&["fmt", "--all", "--check"]))?;
    step("tidy", || tidy::run().map(|code| code == ExitCode::SUCCESS))?;
    step("clippy", || cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    step("documentation", || {
        let mut command = program::cargo();
        command.args(["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        succeeds(&mut command)
    })?;
    step("migrations", || Ok(makemigrations::check()? == ExitCode::SUCCESS))?;
    for build in builds(&Metadata::read()?) {
        let title = build.join(" ");
        step(&title, || {
            let build: Vec<&str> = build.iter().map(String::as_str).collect();
            cargo(&[&["check"], build.as_slice()].concat())
        })?;
    }
    if program::find("cargo-deny", &[]).is_some() {
        step("dependencies", || cargo(&["deny", "check"]))?;
    } else {
        println!("\n== dependencies: not checked, cargo-deny is not installed");
    }
    println!("\nall checks passed");
    Ok(ExitCode::SUCCESS)
}

/// Runs one check under its headline; the first that fails ends the task.
fn step(title: &str, check: impl FnOnce() -> Result<bool>) -> Result<()> {
    println!("\n== {title}");
    let start = Instant::now();
    match check() {
        Ok(true) => {
            println!("== {title}: passed in {:.1} s", start.elapsed().as_secs_f32());
            Ok(())
        }
        Ok(false) => bail!("the check `{title}` failed"),
        Err(error) => Err(error.context(format!("the check `{title}` failed"))),
    }
}

fn cargo(arguments: &[&str]) -> Result<bool> {
    succeeds(program::cargo().args(arguments))
}

fn succeeds(command: &mut Command) -> Result<bool> {
    Ok(process::run(command)?.success())
}

/// Every published crate alone, without features and with each single one: what compiles in the
/// workspace may lean on a feature that another crate asks for.
fn builds(metadata: &Metadata) -> Vec<Vec<String>> {
    metadata
        .packages
        .iter()
        .filter(|package| package.is_published())
        .flat_map(|package| {
            let alone = vec!["--package".to_owned(), package.name.clone()];
            let features = package.features.keys().filter(|feature| *feature != "default");
            let with_feature = |feature: &String| {
                [alone.clone(), vec!["--features".to_owned(), feature.clone()]].concat()
            };
            let single: Vec<_> = features.map(with_feature).collect();
            [vec![alone.clone()], single].concat()
        })
        .map(|mut build| {
            build.insert(2, "--no-default-features".to_owned());
            build
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::Package;

    #[test]
    fn each_published_crate_is_built_alone_and_with_each_feature() {
        let package = |path: &str, features: &[&str]| Package {
            name: path.rsplit('/').next().unwrap().to_owned(),
            manifest_path: format!("/w/{path}/Cargo.toml").into(),
            features: features.iter().map(|name| (name.to_string(), Vec::new())).collect(),
            ..Package::default()
        };
        let demo = Package { publish: Some(Vec::new()), ..package("crates/demo", &[]) };
        let packages = vec![
            package("crates/plain", &[]),
            package("crates/backends", &["db", "default"]),
            demo,
            package("migration", &[]),
        ];
        let metadata = Metadata { packages, workspace_root: "/w".into() };
        let builds: Vec<String> = builds(&metadata).iter().map(|build| build.join(" ")).collect();
        assert_eq!(
            builds,
            [
                "--package plain --no-default-features",
                "--package backends --no-default-features",
                "--package backends --no-default-features --features db",
                "--package migration --no-default-features",
            ]
        );
    }
}
