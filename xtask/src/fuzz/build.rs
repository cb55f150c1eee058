use std::path::PathBuf;

use anyhow::{Context, Result, ensure};

use crate::{process, program};

/// The release that is installed where there is no cargo-fuzz.
const RELEASE: &str = "0.13.2";

/// Of the checkout.
const PACKAGE: &str = "tests/fuzz";
const TOOLS: &str = "target/tools";
const BUILT: &str = "target/fuzz";

/// Builds the fuzzer, and gives the program.
///
/// The code is safe Rust throughout, so it is instrumented for coverage and for no sanitizer: that
/// takes the stable toolchain, and a compiler for C++.
pub(super) fn fuzzer() -> Result<PathBuf> {
    let cargo_fuzz = cargo_fuzz()?;
    let mut command = std::process::Command::new(cargo_fuzz);
    command.current_dir(program::root()).env("RUSTC_BOOTSTRAP", "1");
    command.args(["fuzz", "build", "--fuzz-dir", PACKAGE, "--target-dir", BUILT]);
    command.args(["--sanitizer", "none", "--features", "libfuzzer"]);
    ensure!(process::run(&mut command)?.success(), "the fuzzer does not compile");
    let built = program::root().join(BUILT);
    let triples = built.read_dir().with_context(|| format!("no {}", built.display()))?;
    let programs = triples.flatten().map(|triple| triple.path().join("release/fuzz"));
    let mut programs = programs.filter(|path| program::is_executable(path));
    programs.next().context("cargo-fuzz built no fuzzer")
}

/// The command, which is installed below `target` if it is not there yet.
fn cargo_fuzz() -> Result<PathBuf> {
    let tools = program::root().join(TOOLS);
    let find = || program::find("cargo-fuzz", &[tools.join("bin")]);
    if let Some(found) = find() {
        return Ok(found);
    }
    println!("installing cargo-fuzz {RELEASE} in {TOOLS}");
    let mut command = program::cargo();
    command.args(["install", "--locked", "--version", RELEASE, "cargo-fuzz", "--root"]).arg(&tools);
    ensure!(process::run(&mut command)?.success(), "cargo-fuzz cannot be installed");
    find().context("cargo installed no cargo-fuzz")
}
