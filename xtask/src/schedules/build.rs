use std::path::Path;
use std::process::Command;

use crate::program;

/// The cargo command that compiles the scenarios of a checkout.
pub(crate) fn build(checkout: &Path) -> Command {
    let mut command = program::cargo();
    command
        .current_dir(checkout)
        .args(["test", "--package", "lodger-backends", "--features", "memory"])
        .args(["--test", "schedules"])
        // What is compiled otherwise stays as it is, and this is compiled once.
        .env("CARGO_TARGET_DIR", program::root().join("target/shuttle"))
        .env("RUSTFLAGS", "--cfg lodger_shuttle");
    command
}
