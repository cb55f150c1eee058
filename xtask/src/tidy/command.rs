use std::process::ExitCode;

use anyhow::{Result, bail};

use super::source::Source;
use super::{checkout, edge, feature, manifest, promise, room, size, test_map, top_level};
use crate::metadata::Metadata;
use crate::program;

pub(crate) fn run() -> Result<ExitCode> {
    let metadata = Metadata::read()?;
    let files = checkout::files()?;
    let findings = findings(&metadata, &files);
    for finding in &findings {
        println!("{finding}");
    }
    if !findings.is_empty() {
        bail!("untidy: {}", findings.len());
    }
    println!("{} packages and {} files are tidy", metadata.packages.len(), files.len());
    Ok(ExitCode::SUCCESS)
}

fn findings(metadata: &Metadata, files: &[Source]) -> Vec<String> {
    [
        edge::check(metadata),
        manifest::check(metadata, files, &program::root()),
        promise::check(files),
        size::check(files),
        room::check(files),
        feature::check(files),
        top_level::check(files),
        test_map::check(metadata, files, &program::root()),
    ]
    .concat()
}
