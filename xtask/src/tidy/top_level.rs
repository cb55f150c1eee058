use std::collections::BTreeSet;

use super::source::Source;

const EXPECTED: [&str; 26] = [
    ".cargo",
    ".ci",
    ".config",
    ".editorconfig",
    ".git-blame-ignore-revs",
    ".gitattributes",
    ".github",
    ".gitignore",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "Cargo.lock",
    "Cargo.toml",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "SECURITY.md",
    "clippy.toml",
    "crates",
    "deny.toml",
    "docs",
    "migration",
    "rust-toolchain.toml",
    "rustfmt.toml",
    "tests",
    "typos.toml",
    "xtask",
];

/// Nothing stands at the top but the rooms of the plan and the usual single files.
pub(super) fn check(files: &[Source]) -> Vec<String> {
    let entries: BTreeSet<&str> =
        files.iter().filter_map(|file| file.path.split('/').next()).collect();
    entries
        .into_iter()
        .filter(|entry| !EXPECTED.contains(entry))
        .map(|entry| format!("{entry}: not expected at the top level"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unexpected_entry_is_found_once() {
        let files = ["README.md", "crates/a/b.rs", "lib/a.rs", "lib/b.rs"]
            .map(|path| Source::new(path, ""));
        assert_eq!(check(&files), ["lib: not expected at the top level"]);
    }
}
